#include "api/csv_table.h"

#include <boost/json/serialize.hpp>

namespace sluice::analytics {

namespace {

// OWASP's list; what comes behind blanks is a formula to some.
bool is_formula(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (!text.empty() && std::string_view{"\t\r\n"}.find(text.front()) != std::string_view::npos) return true;
  return first != std::string_view::npos && std::string_view{"=+-@"}.find(text[first]) != std::string_view::npos;
}

std::string quoted(std::string_view text) {
  std::string out{"\""};
  if (is_formula(text)) out += '\'';
  for (const char c : text) {
    out += c;
    if (c == '"') out += c;
  }
  return out += '"';
}

const json::value* at_path(const json::object& row, std::string_view path) {
  const auto dot = path.find('.');
  const json::value* const found = row.if_contains(path.substr(0, dot));
  if (found == nullptr || dot == std::string_view::npos) return found;
  return found->is_object() ? at_path(found->as_object(), path.substr(dot + 1)) : nullptr;
}

std::string cell(const json::value* value) {
  if (value == nullptr || value->is_null()) return {};
  return value->is_string() ? quoted(value->as_string()) : json::serialize(*value);
}

}  // namespace

std::string csv_header(std::span<const std::string_view> columns) {
  std::string out;
  for (std::size_t i = 0; i < columns.size(); ++i) out.append(i == 0 ? "" : ",").append(columns[i]);
  return out += "\r\n";
}

std::string csv_line(std::span<const std::string_view> columns, const json::object& row) {
  std::string out;
  for (std::size_t i = 0; i < columns.size(); ++i) out.append(i == 0 ? "" : ",").append(cell(at_path(row, columns[i])));
  return out += "\r\n";
}

}  // namespace sluice::analytics
