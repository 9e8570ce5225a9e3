#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "sluice/store.h"

namespace sluice {

/// Reads one row of a query from left to right, in the order of its columns. A column of another type than is asked for
/// throws std::bad_variant_access, one that is not there std::out_of_range: a unit of work fails with them.
/// @note One thread; the row outlives it.
class StoreColumns {
 public:
  explicit StoreColumns(const StoreRow& row) noexcept : row_{row} {}

  [[nodiscard]] std::string text() { return std::get<std::string>(next()); }
  [[nodiscard]] std::int64_t integer() { return std::get<std::int64_t>(next()); }
  [[nodiscard]] bool flag() { return integer() != 0; }
  /// Nothing where the column is NULL, here and below.
  [[nodiscard]] std::optional<std::string> maybe_text() {
    const auto* text = std::get_if<std::string>(&next());
    return text == nullptr ? std::nullopt : std::optional{*text};
  }
  [[nodiscard]] std::optional<std::int64_t> maybe_integer() {
    const auto* number = std::get_if<std::int64_t>(&next());
    return number == nullptr ? std::nullopt : std::optional{*number};
  }
  /// A database may give a sum or a whole number as an integer.
  [[nodiscard]] std::optional<double> maybe_number() {
    const StoreValue& value = next();
    if (const auto* integer = std::get_if<std::int64_t>(&value)) return static_cast<double>(*integer);
    const auto* number = std::get_if<double>(&value);
    return number == nullptr ? std::nullopt : std::optional{*number};
  }
  /// Of a sum over nothing: 0.
  [[nodiscard]] std::int64_t sum() { return static_cast<std::int64_t>(maybe_number().value_or(0)); }

 private:
  const StoreValue& next() { return row_.at(next_++); }

  const StoreRow& row_;
  std::size_t next_ = 0;
};

/// A parameter that is NULL where there is nothing.
template <class T>
[[nodiscard]] StoreValue or_null(const std::optional<T>& value) {
  return value ? StoreValue{*value} : StoreValue{};
}
/// A parameter of a column that is 0 or 1.
[[nodiscard]] inline StoreValue store_flag(bool value) { return std::int64_t{value ? 1 : 0}; }

}  // namespace sluice
