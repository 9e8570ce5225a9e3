#include "tests/emulator/link_settings.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace sluice::emulator {
namespace {

using simulation::JitterOrder;
using simulation::Link;
using simulation::LossBursts;

constexpr double kMaxRateKbps = 10'000'000;
constexpr double kMaxMs = 60'000;
constexpr double kMaxKilobytes = 1'000'000;
constexpr double kPercent = 100;

Duration milliseconds(double value) {
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double, std::milli>{value});
}

/// A number between zero and `max`, and what it sets.
struct Setting {
  std::string_view key;
  double max;
  void (*set)(Link& link, double value);
};

constexpr std::array kSettings{
    Setting{"rate_kbps", kMaxRateKbps,
            [](Link& link, double value) { link.rate = DataRate::bps(std::llround(value * 1000)); }},
    Setting{"queue_kilobytes", kMaxKilobytes,
            [](Link& link, double value) { link.queue_bytes = static_cast<std::size_t>(value * 1000); }},
    Setting{"queue_ms", kMaxMs, [](Link& link, double value) { link.queue_time = milliseconds(value); }},
    Setting{"delay_ms", kMaxMs, [](Link& link, double value) { link.delay = milliseconds(value); }},
    Setting{"jitter_ms", kMaxMs, [](Link& link, double value) { link.jitter = milliseconds(value); }},
    Setting{"keep_order", 1,
            [](Link& link, double value) {
              link.jitter_order = value > 0 ? JitterOrder::is_kept : JitterOrder::may_change;
            }},
    Setting{"loss_percent", kPercent, [](Link& link, double value) { link.loss = value / kPercent; }},
    Setting{"burst_enter_percent", kPercent, [](Link& link, double value) { link.bursts.enter = value / kPercent; }},
    Setting{"burst_leave_percent", kPercent, [](Link& link, double value) { link.bursts.leave = value / kPercent; }},
    Setting{"burst_loss_percent", kPercent, [](Link& link, double value) { link.bursts.loss = value / kPercent; }},
    Setting{"duplicate_percent", kPercent, [](Link& link, double value) { link.duplication = value / kPercent; }},
    Setting{"reorder_percent", kPercent, [](Link& link, double value) { link.reordering = value / kPercent; }},
    Setting{"reorder_delay_ms", kMaxMs, [](Link& link, double value) { link.reorder_delay = milliseconds(value); }},
};

double number_of(std::string_view key, const json::value& value, double max) {
  const double number = value.is_bool()     ? (value.get_bool() ? 1 : 0)
                        : value.is_number() ? value.to_number<double>()
                                            : -1;
  if (!(number >= 0 && number <= max)) {
    throw std::invalid_argument{std::string{key} + ": must be from 0 to " + std::to_string(std::llround(max))};
  }
  return number;
}

}  // namespace

void apply_settings(const json::object& settings, Link& link) {
  Link changed = link;
  for (const auto& [key, value] : settings) {
    const std::string_view name{key.data(), key.size()};
    const auto* const setting =
        std::ranges::find_if(kSettings, [name](const Setting& candidate) { return candidate.key == name; });
    if (setting == kSettings.end()) throw std::invalid_argument{std::string{name} + ": there is no such setting"};
    setting->set(changed, number_of(name, value, setting->max));
  }
  link = changed;
}

}  // namespace sluice::emulator
