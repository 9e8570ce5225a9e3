#pragma once

#include <iosfwd>
#include <string>
#include <string_view>
#include <utility>

namespace sluice {

/// What every secret looks like wherever it is shown.
inline constexpr std::string_view kMaskedSecret = "***";

/// A password, key or token. It does not convert to a string and streams as `***`, so it does not reach a log, an error
/// or the admin API by accident; `reveal()` marks the few places that need the text.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) noexcept : value_{std::move(value)} {}

  /// The text itself. Never log, print or send it.
  [[nodiscard]] const std::string& reveal() const noexcept { return value_; }
  [[nodiscard]] bool empty() const noexcept { return value_.empty(); }

  /// Compares in a time that depends on the length of `candidate` alone, so that the answer's delay tells nothing.
  [[nodiscard]] bool matches(std::string_view candidate) const noexcept;

  friend bool operator==(const Secret& a, const Secret& b) noexcept { return a.matches(b.value_); }
  friend std::ostream& operator<<(std::ostream& out, const Secret& secret);

 private:
  std::string value_;
};

}  // namespace sluice
