#pragma once

#include <map>
#include <string>
#include <string_view>

#include "sluice/error.h"
#include "sluice/metrics.h"
#include "sluice/time.h"

namespace sluice {

/// Counts the events of clients by what became of them, and how long their answers took.
/// @note Control thread only.
class EventMeter {
 public:
  /// Of names that nobody answers to: clients must not choose what a label says.
  static constexpr std::string_view kUnknown = "unknown";

  explicit EventMeter(Metrics& metrics) : metrics_{metrics} {}

  /// @param event  One that a plugin has registered, or kUnknown.
  void succeeded(const std::string& event, Duration took);
  void failed(const std::string& event, ErrorCode code, Duration took);

 private:
  struct OfEvent {
    Counter& ok;
    Counter& refused;
    Counter& failed;
    Histogram& seconds;
  };
  [[nodiscard]] OfEvent& of(const std::string& event);

  Metrics& metrics_;
  std::map<std::string, OfEvent, std::less<>> events_;
};

}  // namespace sluice
