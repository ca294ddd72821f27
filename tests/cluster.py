"""A dask cluster on loopback, in processes of its own.

python -m tests.cluster WORKERS prints the scheduler's address and the workers' process ids; it ends when its
standard input does. With the name of a module after WORKERS, the scheduler lacks that module.
"""

import sys

from distributed import LocalCluster


def main(workers: str, *lacking: str) -> None:
    sys.modules.update(dict.fromkeys(lacking))  # type: ignore[arg-type]
    with LocalCluster(n_workers=int(workers), threads_per_worker=1, processes=True, dashboard_address=None) as cluster:
        print(cluster.scheduler_address, *(worker.pid for worker in cluster.workers.values()), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
