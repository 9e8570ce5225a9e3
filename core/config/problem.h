#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/config/yaml_node.h"

namespace sluice::config {

/// One thing that is wrong with the configuration, as the operator reads it.
struct ConfigProblem {
  std::string file;
  int line = 0;  ///< 0: the file as a whole
  int column = 0;
  std::string text;

  /// `sluice.yaml:3:5: key 'http.prot' is unknown; did you mean 'port'?`
  [[nodiscard]] std::string to_string() const;
};

/// Everything found wrong in one go; never more than kMaxProblems are kept.
class ConfigProblems {
 public:
  static constexpr std::size_t kMaxProblems = 20;

  void add(const Position& at, std::string text);
  void add_file(const std::string& file, std::string text);
  void append(const ConfigProblems& other);

  [[nodiscard]] bool empty() const noexcept { return count_ == 0; }
  /// All that were found, also those past the limit.
  [[nodiscard]] std::size_t count() const noexcept { return count_; }
  /// More would only be counted: work for a better text is wasted.
  [[nodiscard]] bool full() const noexcept { return kept_.size() == kMaxProblems; }
  [[nodiscard]] const std::vector<ConfigProblem>& kept() const noexcept { return kept_; }
  /// One line each, and how many more there are.
  [[nodiscard]] std::string to_string() const;

 private:
  void keep(ConfigProblem problem);

  std::vector<ConfigProblem> kept_;
  std::size_t count_ = 0;
};

/// What an operator typed, in quotes: control characters replaced, cut after a few dozen bytes.
[[nodiscard]] std::string in_quotes(std::string_view text);
/// The same without the quotes, for the parts of a path.
[[nodiscard]] std::string printable(std::string_view text);

}  // namespace sluice::config
