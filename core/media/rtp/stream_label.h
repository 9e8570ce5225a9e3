#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sluice {

/// What fits an element of the one-byte form, the only form that browsers use for labels.
inline constexpr std::size_t kMaxLabelSize = 16;

/// A short text that names a stream inside a session. `Rules::allows` says which characters the RFC grants.
///
/// Holds its bytes itself, so that packets can be looked up by it without allocating; never empty once made by from().
template <class Rules>
class StreamLabel {
 public:
  constexpr StreamLabel() noexcept = default;
  /// None where `text` is empty, longer than kMaxLabelSize or has a character that must not be there.
  static constexpr std::optional<StreamLabel> from(std::string_view text) noexcept {
    if (text.empty() || text.size() > kMaxLabelSize) return std::nullopt;
    if (!std::all_of(text.begin(), text.end(), Rules::allows)) return std::nullopt;
    StreamLabel label;
    std::copy(text.begin(), text.end(), label.text_.begin());
    label.size_ = static_cast<std::uint8_t>(text.size());
    return label;
  }
  [[nodiscard]] constexpr std::string_view text() const noexcept { return {text_.data(), size_}; }
  friend constexpr bool operator==(const StreamLabel&, const StreamLabel&) noexcept = default;
  friend constexpr auto operator<=>(const StreamLabel&, const StreamLabel&) noexcept = default;

 private:
  std::array<char, kMaxLabelSize> text_{};
  std::uint8_t size_ = 0;
};

[[nodiscard]] constexpr bool is_ascii_alphanumeric(char letter) noexcept {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9');
}

/// RFC 9143 section 15: an identification-tag is a token of RFC 8866 section 9.
struct MidRules {
  static constexpr bool allows(char letter) noexcept {
    return is_ascii_alphanumeric(letter) ||
           std::string_view{"!#$%&'*+-.^_`{|}~"}.find(letter) != std::string_view::npos;
  }
};

/// RFC 8851 section 10: rid-id = 1*(alpha-numeric / "-" / "_"). RFC 8852 section 3 is stricter (alphanumeric alone),
/// but what a description may name, a packet must be able to carry.
struct RidRules {
  static constexpr bool allows(char letter) noexcept {
    return is_ascii_alphanumeric(letter) || letter == '-' || letter == '_';
  }
};

/// Names a media description of a session (a transceiver), RFC 9143 section 15.
using Mid = StreamLabel<MidRules>;
/// Names one encoding of simulcast, RFC 8851.
using Rid = StreamLabel<RidRules>;

}  // namespace sluice
