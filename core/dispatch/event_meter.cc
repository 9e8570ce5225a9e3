#include "core/dispatch/event_meter.h"

#include <chrono>

namespace sluice {

namespace {

double seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

}  // namespace

EventMeter::OfEvent& EventMeter::of(const std::string& event) {
  const auto found = events_.find(event);
  if (found != events_.end()) return found->second;
  const auto by_result = [&](std::string_view result) -> Counter& {
    return metrics_.counter("events_total", "Events of clients by what became of them.",
                            {{"event", event}, {"result", std::string{result}}});
  };
  OfEvent made{.ok = by_result("ok"),
               .refused = by_result("refused"),
               .failed = by_result("failed"),
               .seconds = metrics_.histogram(
                   "event_seconds", "Time from an event's arrival at its door to its answer.",
                   {0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10},
                   {{"event", event}})};
  return events_.emplace(event, made).first->second;
}

void EventMeter::succeeded(const std::string& event, Duration took) {
  OfEvent& metrics = of(event);
  metrics.ok.add();
  metrics.seconds.observe(seconds(took));
}

// What a client did wrong is refused; what went wrong here has failed.
void EventMeter::failed(const std::string& event, ErrorCode code, Duration took) {
  OfEvent& metrics = of(event);
  (code == ErrorCode::internal ? metrics.failed : metrics.refused).add();
  metrics.seconds.observe(seconds(took));
}

}  // namespace sluice
