#include "core/media/worker/path_report.h"

#include "core/media/worker/worker_core.h"

namespace sluice {

namespace {

PathReport::Ice report_of(const IceLite& ice, Instant now) {
  PathReport::Ice report{.state = ice.state(),
                         .selected = {},
                         .since_check = {},
                         .valid_tuples = ice.valid_tuples().size(),
                         .counters = ice.counters()};
  const IceTuple* const selected = ice.selected();
  if (selected == nullptr) return report;
  report.selected = *selected;
  for (const ValidTuple& valid : ice.valid_tuples()) {
    if (valid.tuple == *selected) report.since_check = now - valid.last_check;
  }
  return report;
}

}  // namespace

std::optional<PathReport> WorkerCore::path_report(TransportKey key, Instant now) const {
  const Entry* entry = find(key);
  if (entry == nullptr) return std::nullopt;
  const DtlsEndpoint& dtls = entry->media->dtls();
  PathReport report{
      .ice = {},
      .dtls = {.state = dtls.state(), .failure = dtls.failure(), .cipher = dtls.cipher(), .counters = dtls.counters()},
      .packets = entry->media->counters()};
  if (entry->lite != nullptr) report.ice = report_of(entry->lite->ice, now);
  return report;
}

}  // namespace sluice
