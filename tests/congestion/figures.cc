#include "tests/congestion/figures.h"

#include <cstdio>

namespace sluice::congestion {
namespace {

template <class Value, class Write>
std::string cell(const std::optional<Value>& value, Write&& write) {
  return value ? write(*value) : std::string{};
}

std::string percent(double share, int digits) {
  char text[32];
  std::snprintf(text, sizeof text, "%.*f %%", digits, share * 100);
  return text;
}
std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", value);
  return text;
}
std::string milliseconds(std::chrono::milliseconds value) { return std::to_string(value.count()) + " ms"; }
std::string seconds(std::chrono::milliseconds value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f s", static_cast<double>(value.count()) / 1000);
  return text;
}

}  // namespace

void print(const Figures& figures) {
  std::string row = "| " + figures.scenario;
  row += " | " + cell(figures.utilisation, [](double share) { return percent(share, 0); });
  row += " | " + cell(figures.queue_p50, milliseconds);
  row += " | " + cell(figures.queue_p95, milliseconds);
  row += " | " + cell(figures.loss, [](double share) { return percent(share, 2); });
  row += " | " + cell(figures.settled, seconds);
  row += " | " + cell(figures.fairness, number);
  row += " | " + cell(figures.switches, [](std::size_t count) { return std::to_string(count); });
  row += " | " + figures.note + " |";
  std::puts(row.c_str());
  std::fflush(stdout);
}

}  // namespace sluice::congestion
