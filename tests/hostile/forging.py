"""Notebooks that write evidence by hand: the stand-in is in their own process, so they can write any bytes there.

None of them answers a question. What is forged would earn its points if it were believed.
"""

from tests.hostile.hand_in import FULL, HandIn, blank, framed, honest_then

# After the last check; what is captured after the last cell is left alone by the stand-in once it seems captured.
FORGE = """
import builtins, hashlib, io, json, os, pathlib, pickle, shutil
import numpy as np
evidence = pathlib.Path("../evidence").resolve()
(evidence / "blobs").mkdir(parents=True, exist_ok=True)
def blob(data):
    name = hashlib.sha256(data).hexdigest()
    (evidence / "blobs" / name).write_bytes(data)
    return name
def npy(array, **kwargs):
    file = io.BytesIO()
    np.save(file, array, **kwargs)
    return file.getvalue()
def layer(name, config, **more):
    return {"module": "keras.layers", "class_name": name, "config": config, "registered_name": None, **more}
def dense(units, **config):
    return layer("Dense", {"units": units, "name": f"d{units}", **config}, build_config={"input_shape": [None, 2]})
def sequential(*layers):
    start = layer("InputLayer", {"batch_shape": [None, 2], "dtype": "float32", "name": "start"})
    return {"module": "keras", "class_name": "Sequential", "registered_name": None,
            "config": {"name": "s", "trainable": True, "layers": [start, *layers]}}
def weights(*shapes):
    return [blob(npy(np.ones(shape, "float32"))) for shape in shapes]
def model(architecture, stored):
    return {"$": "model", "facts": {"$": "dict", "items": []}, "architecture": architecture, "weights": stored}
usual = [(2, 4), (4,), (4, 1), (1,)]
def record(question, names=None, **probes):
    (evidence / f"{question}.json").write_text(json.dumps({"cell": 1, "names": names or {}, "probes": probes}))
builtins.__fairmark_captor__._captured = dict.fromkeys(["q1", "q2", "q3", "q4"], "")
"""

FOREIGN = """
for number, foreign in enumerate([
    layer("Lambda", {"function": {"class_name": "__lambda__", "config": {"code": "4wAAAA=="}}, "name": "l"}),
    {"module": "subprocess", "class_name": "Popen", "config": {"args": ["touch", "@outside@/popen"]}},
    layer("TFSMLayer", {"filepath": "@outside@"}),
]):
    chosen = model(sequential(dense(4), foreign, dense(1)), weights(*usual))
    record(["q2", "q4", "q3"][number], {"model": chosen, "final_model": chosen, "history": chosen, "layers": 17})
"""

ACTIVATION = """
record("q2", {"model": model(sequential(dense(4, activation="os.system"), dense(1)), weights(*usual))})
function = {"module": "os", "class_name": "function", "config": "system", "registered_name": "system"}
record("q4", {"final_model": model(sequential(dense(4, activation=function), dense(1)), weights(*usual))})
"""

VOCABULARY = """
reader = layer("TextVectorization", {"vocabulary": "@course@/course.toml", "name": "v"})
lookup = layer("StringLookup", {"vocabulary": "/etc/passwd", "name": "v"})
record("q2", {"model": model(sequential(dense(4), reader, dense(1)), weights(*usual))})
record("q4", {"final_model": model(sequential(dense(4), lookup, dense(1)), weights(*usual))})
"""

HUGE = """
for units in (100_000_000,):
    record("q2", {"model": model(sequential(dense(units), dense(1)), weights(*usual))})
repeat = layer("RepeatVector", {"n": 100_000_000, "name": "r"})
record("q4", {"final_model": model(sequential(dense(4), repeat, dense(1)), weights(*usual))})
shape = npy(np.ones(1, "float32")).replace(b"(1,)", b"(99999999999,)".ljust(4))
record("q3", {"side": {"$": "array", "blob": blob(shape)}, "history": {"$": "array", "blob": blob(shape)}})
"""

HDF5 = """
import h5py
for name, link in (("h", h5py.ExternalLink("@course@/course.toml", "/")), ("s", h5py.SoftLink("/etc"))):
    with h5py.File(f"{name}.h5", "w") as file:
        file["weights"] = link
        file.create_dataset("raw", (4,), "f4", external=[("/etc/passwd", 0, 16)])
stored = [blob(pathlib.Path(f"{name}.h5").read_bytes()) for name in "hshs"]
shutil.copy("h.h5", evidence / "blobs" / "model.weights.h5")
record("q2", {"model": model(sequential(dense(4), dense(1)), stored)})
"""

PICKLES = """
class Runs:
    def __reduce__(self): return os.system, ("touch @outside@/unpickled",)
boom = pickle.dumps(Runs())
objects = npy(np.array([Runs()] * 4, dtype=object), allow_pickle=True)
record("q2", {"model": model(sequential(dense(4), dense(1)), [blob(objects), blob(boom), blob(boom), blob(boom)])})
record("q3", {"history": {"$": "pickle", "blob": blob(boom)}, "side": {"$": "array", "blob": blob(objects)}})
record("q4", {"final_model": {"$": "array", "blob": blob(objects)}, "layers": {"$": "scalar", "blob": blob(boom)}})
"""

RECORDS = r"""
(evidence / "q1.json").write_bytes(b"[" * 1_000_000)
(evidence / "q2.json").write_bytes(b'{"cell": 1' + b"0" * 5_000 + b', "names": {"model": 17}}')
(evidence / "q3.json").write_bytes(b'{"cell": 1, "names": {"history": "\ud800", "side": NaN}, "probes": {}}\xff')
with open(evidence / "q4.json", "wb") as file:
    file.write(b'{"cell": 1, "names": {"layers": [' + b"[]," * 5_000_000 + b"2]}}")
"""

KINDS = """
for number, odd in enumerate([{"$": "_array"}, {"$": ["array"]}, {"$": "float", "value": 10**400}, {"$": "absent"}]):
    record(f"q{number + 1}", dict.fromkeys(["model", "history", "side", "final_model", "layers"], odd),
           doubles=odd, probe_pair={"$": "tuple", "items": [odd] * 1_000})
"""

MANIFEST = """
for folder in (evidence, evidence.parent, evidence / "blobs"):
    for name in ("manifest.json", "verdict.json", "executed.ipynb"):
        (folder / name).write_text(json.dumps({"format": 1, "ending": {"kind": "finished"}, "total": 10}))
for name in ("../../x", "q1.json", "A" * 64, "0" * 63, "0" * 64 + ".part", "\\n", "=1+1", "\\u202e"):
    try: (evidence / "blobs" / name).write_bytes(b"no blob")
    except OSError: pass
(evidence / "q1.json").write_text(json.dumps({"earned": 3, "possible": 3, "cases": [], "passed": True}))
told = evidence.parent / "told.json"
told.write_text(told.read_text().replace("0", "1"))
"""

LINKS = """
for path in [*(evidence / "blobs").iterdir()]: path.unlink()
secret = hashlib.sha256(b"secret").hexdigest()
for name, target in {"a" * 64: "@course@/graders/mini/tests/q1.py", "b" * 64: "@home@/.secret", "c" * 64: "/etc/shadow",
                     "d" * 64: "/dev/zero", "e" * 64: "@outside@/pipe", secret: "@in@/innocent.ipynb"}.items():
    (evidence / "blobs" / name).symlink_to(target)
record("q2", {"model": model(sequential(dense(4), dense(1)), ["a" * 64, "b" * 64, "d" * 64, secret])})
(evidence / "q1.json").unlink(missing_ok=True)
(evidence / "q1.json").symlink_to("@outside@/q1.json")
(evidence / "q3.json").unlink(missing_ok=True)
os.mkfifo(evidence / "q3.json")
(evidence / "q4.json").unlink(missing_ok=True)
(evidence / "q4.json").mkdir()
os.mkfifo(evidence / "blobs" / ("f" * 64))
"""

FOLDER = """
shutil.rmtree(evidence)
evidence.symlink_to("@outside@")
"""

FOLDER_OF_BLOBS = """
shutil.rmtree(evidence / "blobs")
(evidence / "blobs").symlink_to("@outside@/blobs")
(evidence / "loop").symlink_to(".")
"""

CLOSED = """
for path in (evidence / "blobs", evidence, evidence.parent / "work", evidence.parent / "home", evidence.parent):
    os.chmod(path, 0)
"""

ANSWERS = """
import threading, time
def later():
    for _ in range(2_000):
        try:
            record("q2", {"model": 17})
            record("q4", {"layers": 7, "final_model": {"$": "array", "blob": blob(npy(np.ones(500)))}})
        except OSError:
            pass
threading.Thread(target=later, daemon=True).start()
"""

PREDICTIONS = """
record("q2", {"model": {"$": "model", "architecture": None, "reason": "", "weights": [],
              "facts": {"$": "dict", "items": [["count_params", 17], ["layers", 2]]}, "predictions": {}}})
record("q4", {"layers": 7, "final_model": {"$": "model", "architecture": None, "reason": "",
              "facts": {"$": "dict", "items": [["accuracy", 1.0]]}, "predictions": {"0" * 64: [[1.0]] * 500}}})
"""


def forged(source: str) -> object:
    return blank(FORGE + source)


FORGING = {
    "forges-foreign-classes": HandIn(
        blank(FORGE + FOREIGN), "graded", 0, why="a Lambda, a Popen, a SavedModel: off the list, so never imported",
    ),
    "forges-an-activation": HandIn(
        blank(FORGE + ACTIVATION), "graded", 0, why="an activation named os.system is looked up nowhere",
    ),
    "forges-a-vocabulary": HandIn(
        blank(FORGE + VOCABULARY), "graded", 0, why="a layer that reads a file of the grader's is off the list",
    ),
    "forges-huge-layers": HandIn(
        blank(FORGE + HUGE), "graded", 0, why="shapes are worked out before anything is allocated",
    ),
    "forges-hdf5": HandIn(
        blank(FORGE + HDF5), "graded", 0, why="no HDF5 is ever opened, so no link in one leads anywhere",
    ),
    "forges-pickles": HandIn(
        blank(FORGE + PICKLES), "graded", 0, why="nothing is ever unpickled",
    ),
    "forges-records": HandIn(
        blank(FORGE + RECORDS), "graded", 0, why="nesting, digits and bytes that no JSON holds: the record is left out",
    ),
    "forges-kinds": HandIn(
        blank(FORGE + KINDS), "graded", 0, why="a record of an unknown kind is refused, for that name alone",
    ),
    "forges-the-manifest": HandIn(
        blank(FORGE + MANIFEST), "graded", 0, why="manifest and verdict are the grader's own, made from none of these",
    ),
    "forges-predictions": HandIn(
        blank(FORGE + PREDICTIONS), "graded; needs the TA: q2, q4", 0,
        why="claimed counts count nothing; predictions are of inputs we name",
    ),
    "links-blobs": HandIn(
        blank(FORGE + LINKS), "graded", 0, why="a link is no blob and no record; a pipe is not waited for",
    ),
    "links-the-evidence": HandIn(
        blank(FORGE + FOLDER), "graded", 0, why="evidence that is a link to a folder of the grader's is no evidence",
    ),
    "links-the-blobs": HandIn(
        blank(FORGE + FOLDER_OF_BLOBS), "graded", 0, why="and neither is a link one step below",
    ),
    "closes-its-room": HandIn(
        blank(FORGE + CLOSED), "graded", 0, why="folders that nobody may enter are opened up, read and removed",
    ),
    "goes-on-forging": HandIn(
        blank(FORGE + ANSWERS), "graded", 0, why="what a thread writes after the last cell is evidence like any other",
    ),
    "writes-first": HandIn(
        framed(FORGE.replace("_captured = ", "_earlier = ") + MANIFEST), "graded", 0,
        why="what is on the result channel before the first question is overwritten, or no better than later",
    ),
    "silences-the-captor": HandIn(
        honest_then("del __builtins__.__fairmark_captor__"),
        "(graded|what the notebook left behind could not be captured: .*)", FULL, least=FULL,
        why="what was checked before counts; that the rest could not be captured is said",
    ),
}  # fmt: skip
