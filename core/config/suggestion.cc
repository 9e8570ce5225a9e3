#include "core/config/suggestion.h"

#include <algorithm>
#include <array>

namespace sluice::config {
namespace {

/// Longer words are no typing mistakes; the bound also keeps the table of distances on the stack.
constexpr std::size_t kMaxWord = 48;

/// Optimal string alignment distance: like Levenshtein's, and two neighbours swapped count once.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::array<std::array<std::size_t, kMaxWord + 1>, kMaxWord + 1> d{};
  for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) d[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replace = d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, replace});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  }
  return d[a.size()][b.size()];
}

}  // namespace

std::optional<std::string> nearest(std::string_view typed, std::span<const std::string> candidates) {
  std::optional<std::string> best;
  std::size_t best_distance = 0;
  for (const auto& candidate : candidates) {
    if (typed.size() > kMaxWord || candidate.size() > kMaxWord) continue;
    const std::size_t distance = edit_distance(typed, candidate);
    const std::size_t allowed = std::max<std::size_t>(1, std::max(typed.size(), candidate.size()) / 3);
    const bool nearer = !best || distance < best_distance;
    if (distance > allowed || distance >= candidate.size() || !nearer) continue;
    best = candidate;
    best_distance = distance;
  }
  return best;
}

}  // namespace sluice::config
