#include "core/store/table_rule.h"

#include <algorithm>

namespace sluice {

namespace {

char folded(char c) noexcept {
  if (c == '-') return '_';
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same(std::string_view a, std::string_view b) noexcept {
  return std::ranges::equal(a, b, [](char x, char y) { return folded(x) == folded(y); });
}

}  // namespace

bool owns_table(std::string_view plugin, std::string_view table) noexcept {
  if (same(table, kMigrationsTable)) return false;
  if (!same(table.substr(0, plugin.size()), plugin)) return false;
  return table.size() == plugin.size() || table[plugin.size()] == '_';
}

}  // namespace sluice
