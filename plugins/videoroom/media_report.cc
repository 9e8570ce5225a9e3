#include "media_report.h"

#include <utility>

#include "context.h"

namespace sluice::videoroom {

std::shared_ptr<MediaReport> MediaReport::open(Context& context, json::object data, rest::Reply reply) {
  auto report = std::make_shared<MediaReport>(std::move(data), std::move(reply));
  report->patience_ = context.host.timers().after(kPatience, [watch = std::weak_ptr{report}] {
    if (const auto late = watch.lock()) late->send();
  });
  return report;
}

void MediaReport::fill(std::string_view id, std::string_view member, json::value figures) {
  const auto place = places_.find(std::string{id});
  if (!sent_ && place != places_.end()) (*place->second)[member] = std::move(figures);
}

void MediaReport::fill(const RouterStats& stats) {
  for (const StatsOfTransport& one : stats.transports) fill(one.id, "stats", to_json(one.stats));
  for (const StatsOfProducer& one : stats.producers) fill(one.id, "streams", to_json(one.streams));
  for (const StatsOfConsumer& one : stats.consumers) fill(one.id, "stats", to_json(one.stats));
}

void MediaReport::send() {
  if (std::exchange(sent_, true)) return;
  reply_.ok(json::value(std::move(data_)));
}

}  // namespace sluice::videoroom
