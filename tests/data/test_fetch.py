import hashlib
import http.server
import shutil
import socket
import threading
import time

import pytest

from fairmark.data import fetch
from fairmark.data.fetch import DataUnavailable, RealFile, obtain

CONTENT = b"films" * 50_000


@pytest.fixture
def server():
    """A server on this machine that sends CONTENT at /right, and half of it, then nothing, at /stalls."""
    closing = threading.Event()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            if self.path == "/missing":
                self.send_error(404)
                return
            self.send_response(200)
            self.send_header("Content-Length", str(len(CONTENT)))
            self.end_headers()
            if self.path == "/stalls":
                self.wfile.write(CONTENT[:1000])
                closing.wait(20)
            else:
                self.wfile.write(CONTENT)

        def log_message(self, *args):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        running.daemon_threads = True
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        closing.set()
        running.shutdown()
        thread.join()


def file_at(url, content=CONTENT):
    return RealFile("films.npz", url, hashlib.sha256(content).hexdigest())


def test_a_missing_file_is_fetched_once_into_keras_home(home, server):
    file = file_at(f"{server}/right")
    path = obtain((file,))["films.npz"]
    assert path == home / "datasets" / "films.npz"
    assert path.read_bytes() == CONTENT
    assert obtain((RealFile(file.name, "http://127.0.0.1:9/", file.sha256),)) == {"films.npz": path}
    assert [entry.name for entry in path.parent.iterdir()] == ["films.npz"]


def test_a_file_is_kept_in_fairmarks_folder_where_keras_home_cannot_be_written(home, server, tmp_path):
    shutil.rmtree(home)
    home.write_text("a file, so that no folder can be made here")
    path = obtain((file_at(f"{server}/right"),))["films.npz"]
    assert path == tmp_path / "cache" / "films.npz"
    assert path.read_bytes() == CONTENT


def test_other_content_than_published_is_not_kept(home, server):
    with pytest.raises(DataUnavailable, match="not what Keras publishes"):
        obtain((file_at(f"{server}/right", b"other"),))
    assert list((home / "datasets").iterdir()) == []


@pytest.fixture
def refusing():
    return "http://127.0.0.1:9/films.npz"


@pytest.fixture
def silent():
    """Takes connections (the kernel does that for it) and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/films.npz"


@pytest.fixture
def unroutable():
    return "http://10.255.255.1/films.npz"


@pytest.fixture
def hanging_lookup(monkeypatch):
    def hang(*args, **kwargs):
        time.sleep(8)
        raise OSError("no answer")

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    return "http://films.invalid/films.npz"


@pytest.mark.parametrize("trouble", ["refusing", "silent", "unroutable", "hanging_lookup"])
def test_a_fetch_that_fails_is_given_up_within_five_seconds(home, request, trouble):
    url = request.getfixturevalue(trouble)
    started = time.monotonic()
    with pytest.raises(DataUnavailable, match="can't be fetched") as caught:
        obtain((file_at(url),))
    assert time.monotonic() - started < 5
    assert "\n" not in str(caught.value)
    assert list((home / "datasets").iterdir()) == []


def test_a_refusal_by_the_server_is_reported(home, server):
    with pytest.raises(DataUnavailable, match=r"can't be fetched .*404"):
        obtain((file_at(f"{server}/missing"),))


def test_a_fetch_that_stalls_half_way_is_given_up(home, server, monkeypatch):
    monkeypatch.setattr(fetch, "PATIENCE", 0.5)
    with pytest.raises(DataUnavailable, match="can't be fetched"):
        obtain((file_at(f"{server}/stalls"),))
    assert list((home / "datasets").iterdir()) == []


def test_a_fetch_that_never_ends_is_given_up(home, server, monkeypatch):
    monkeypatch.setattr(fetch, "LIMIT", 0.3)
    with pytest.raises(DataUnavailable, match="not complete after"):
        obtain((file_at(f"{server}/stalls"),))


def test_a_file_with_another_hash_is_left_alone(home):
    mine = home / "datasets" / "films.npz"
    mine.write_bytes(b"my own")
    with pytest.raises(DataUnavailable, match=r"films\.npz is not the file that Keras publishes"):
        obtain((file_at("http://127.0.0.1:9/"),))
    assert mine.read_bytes() == b"my own"


def test_a_file_that_cannot_be_read_is_named(home):
    (home / "datasets" / "films.npz").mkdir()
    with pytest.raises(DataUnavailable, match="can't be read"):
        obtain((file_at("http://127.0.0.1:9/"),))


def test_keras_home_is_resolved_as_keras_does(monkeypatch, tmp_path):
    monkeypatch.setenv("KERAS_HOME", "~/elsewhere")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert fetch.keras_home() == tmp_path / "elsewhere"
    monkeypatch.delenv("KERAS_HOME")
    assert fetch.keras_home() == tmp_path / ".keras"
    monkeypatch.setattr(fetch.os, "access", lambda path, mode: False)
    assert fetch.keras_home().as_posix() == "/tmp/.keras"
