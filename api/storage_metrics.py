"""What is counted of recordings on their way to the store."""

from collections.abc import Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from recorder.uploads import Counts, Uploads


class StorageMetrics(Collector):
    """How things are at the moment of asking; nothing but zeros where no store is set up."""

    def __init__(self, uploads: Uploads | None) -> None:
        self._uploads = uploads

    def collect(self) -> Iterator[Metric]:
        uploads = self._uploads
        counts = uploads.counts if uploads else Counts()
        gauges = {
            "recordings_stored": ("Recordings that the store has.", uploads and uploads.stored()),
            "recordings_waiting_for_store": (
                "Recordings that are kept here until the store has them.",
                uploads and uploads.waiting(),
            ),
            "recordings_to_delete_from_store": (
                "Deleted recordings of which the store still has to delete its copies.",
                uploads and uploads.deleting(),
            ),
            "store_in_trouble": (
                "1 while the store cannot be used.",
                uploads and bool(uploads.trouble),
            ),
        }
        for name, (text, value) in gauges.items():
            yield GaugeMetricFamily(f"roomscribe_{name}", text, value=float(value or 0))
        counters = {
            "store_uploads": ("Times a recording was moved to the store.", counts.uploads),
            "store_deletions": ("Recordings deleted from the store.", counts.deletions),
            "store_failures": ("Times the store failed, or a recording's move.", counts.failures),
        }
        for name, (text, count) in counters.items():
            yield CounterMetricFamily(f"roomscribe_{name}", text, value=count)
