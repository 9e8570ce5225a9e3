#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "sluice/store.h"

namespace sluice::chat {

/// Reads one row from left to right.
class Columns {
 public:
  explicit Columns(const StoreRow& row) noexcept : row_{row} {}

  [[nodiscard]] std::string text() { return std::get<std::string>(next()); }
  [[nodiscard]] std::int64_t integer() { return std::get<std::int64_t>(next()); }
  [[nodiscard]] std::optional<std::string> maybe_text() {
    const auto* text = std::get_if<std::string>(&next());
    return text == nullptr ? std::nullopt : std::optional{*text};
  }
  [[nodiscard]] std::optional<std::int64_t> maybe_integer() {
    const auto* number = std::get_if<std::int64_t>(&next());
    return number == nullptr ? std::nullopt : std::optional{*number};
  }

 private:
  const StoreValue& next() { return row_.at(next_++); }

  const StoreRow& row_;
  std::size_t next_ = 0;
};

template <class T>
[[nodiscard]] StoreValue or_null(const std::optional<T>& value) {
  return value ? StoreValue{*value} : StoreValue{};
}

}  // namespace sluice::chat
