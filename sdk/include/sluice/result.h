#pragma once

#include <cassert>
#include <utility>
#include <variant>

namespace sluice {

/// The value of a Result that has nothing to return.
struct Ok {
  friend constexpr bool operator==(Ok, Ok) noexcept = default;
};

/// Either a value or the reason why there is none; what C++23 calls std::expected.
///
/// `E` is a small enum that names the reason. T and E must be different types, so that both convert implicitly:
/// `return ParseError::truncated;` and `return packet;`.
template <class T, class E>
class [[nodiscard]] Result {
 public:
  using value_type = T;
  using error_type = E;

  constexpr Result(T value) : state_{std::in_place_index<0>, std::move(value)} {}
  constexpr Result(E error) : state_{std::in_place_index<1>, std::move(error)} {}

  [[nodiscard]] constexpr bool has_value() const noexcept { return state_.index() == 0; }
  constexpr explicit operator bool() const noexcept { return has_value(); }

  /// The value. Asking a failed result is a programming error.
  [[nodiscard]] constexpr T& value() & noexcept { return *checked(); }
  [[nodiscard]] constexpr const T& value() const& noexcept { return *checked(); }
  [[nodiscard]] constexpr T&& value() && noexcept { return std::move(*checked()); }

  [[nodiscard]] constexpr T& operator*() & noexcept { return value(); }
  [[nodiscard]] constexpr const T& operator*() const& noexcept { return value(); }
  [[nodiscard]] constexpr T&& operator*() && noexcept { return std::move(value()); }
  [[nodiscard]] constexpr T* operator->() noexcept { return checked(); }
  [[nodiscard]] constexpr const T* operator->() const noexcept { return checked(); }

  /// The reason. Asking a successful result is a programming error.
  [[nodiscard]] constexpr const E& error() const noexcept {
    assert(!has_value());
    return *std::get_if<1>(&state_);
  }

  template <class U>
  [[nodiscard]] constexpr T value_or(U&& fallback) const& {
    return has_value() ? value() : static_cast<T>(std::forward<U>(fallback));
  }

 private:
  constexpr T* checked() noexcept {
    assert(has_value());
    return std::get_if<0>(&state_);
  }
  constexpr const T* checked() const noexcept {
    assert(has_value());
    return std::get_if<0>(&state_);
  }

  std::variant<T, E> state_;
};

}  // namespace sluice
