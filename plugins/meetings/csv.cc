#include "csv.h"

#include <algorithm>
#include <utility>

namespace sluice::meetings {

namespace {

class CsvReader {
 public:
  explicit CsvReader(std::string_view text) noexcept : text_{text} {
    constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
    if (text_.starts_with(kByteOrderMark)) text_.remove_prefix(kByteOrderMark.size());
  }
  [[nodiscard]] bool at_end() const noexcept { return text_.empty(); }

  // One record with the end of its line; nothing where a quotation is wrong.
  std::optional<std::vector<std::string>> record() {
    std::vector<std::string> fields;
    do {
      std::optional<std::string> field = text_.starts_with('"') ? quoted() : plain();
      if (!field) return std::nullopt;
      fields.push_back(std::move(*field));
    } while (skip(','));
    skip('\r');
    if (!text_.empty() && !skip('\n')) return std::nullopt;
    return fields;
  }

 private:
  bool skip(char c) noexcept {
    if (!text_.starts_with(c)) return false;
    text_.remove_prefix(1);
    return true;
  }
  std::optional<std::string> plain() {
    const auto end = std::min(text_.find_first_of(",\r\n"), text_.size());
    std::string field{text_.substr(0, end)};
    text_.remove_prefix(end);
    if (field.find('"') != std::string::npos) return std::nullopt;
    return field;
  }
  std::optional<std::string> quoted() {
    std::string field;
    skip('"');
    while (!text_.empty()) {
      const char c = text_.front();
      text_.remove_prefix(1);
      if (c == '"' && !skip('"')) return field;  // `""` stands for one
      field += c;
    }
    return std::nullopt;
  }

  std::string_view text_;
};

bool is_blank(const std::vector<std::string>& record) { return record.size() == 1 && record.front().empty(); }

}  // namespace

std::optional<std::vector<std::vector<std::string>>> parse_csv(std::string_view text, std::size_t most_rows) {
  CsvReader in{text};
  std::vector<std::vector<std::string>> rows;
  while (!in.at_end()) {
    auto record = in.record();
    if (!record || rows.size() > most_rows) return std::nullopt;
    if (!is_blank(*record)) rows.push_back(std::move(*record));
  }
  if (rows.size() > most_rows) return std::nullopt;
  return rows;
}

}  // namespace sluice::meetings
