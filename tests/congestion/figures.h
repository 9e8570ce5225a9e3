#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

namespace sluice::congestion {

/// A row of the table that docs/quality.md quotes; what does not apply is left out.
struct Figures {
  std::string scenario;
  std::optional<double> utilisation{};  ///< of the capacity, 0 to 1
  std::optional<std::chrono::milliseconds> queue_p50{};
  std::optional<std::chrono::milliseconds> queue_p95{};
  std::optional<double> loss{};  ///< 0 to 1
  /// Until the rate stood where it belongs: from the start, or after a change.
  std::optional<std::chrono::milliseconds> settled{};
  std::optional<double> fairness{};       ///< smallest share of a flow over the largest
  std::optional<std::size_t> switches{};  ///< of layers, in the worst 5 s of the steady state
  std::string note{};
};

/// Prints the row on standard output; tests/congestion/table collects them.
void print(const Figures& figures);

}  // namespace sluice::congestion
