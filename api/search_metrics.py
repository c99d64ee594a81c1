"""What is counted of searches, never what was searched for."""

from collections.abc import Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from api.first_indexing import FirstIndexing
from transcripts.search.searching import Searching


class SearchMetrics(Collector):
    """How things are at the moment of asking."""

    def __init__(self, searching: Searching, first_indexing: FirstIndexing) -> None:
        self._searching = searching
        self._first_indexing = first_indexing

    def collect(self) -> Iterator[Metric]:
        counts = self._searching.counts
        for name, text, count in (
            ("searches", "Searches that were asked for.", counts.asked),
            ("searches_too_broad", "Searches given up for taking too long.", counts.too_broad),
            ("searches_refused", "Searches refused, as too many were waiting.", counts.refused),
        ):
            yield CounterMetricFamily(f"roomscribe_{name}", text, value=float(count))
        yield GaugeMetricFamily(
            "roomscribe_unindexed_captions",
            "Captions from before there was a search index that still wait to be in it.",
            value=float(self._first_indexing.waiting),
        )
