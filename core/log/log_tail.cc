#include "core/log/log_tail.h"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <string_view>
#include <utility>

namespace sluice {

namespace {

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool contains(std::string_view text, std::string_view part) {
  return !std::ranges::search(text, part, [](char a, char b) { return lower(a) == lower(b); }).empty();
}

bool matches(const LogEntry& entry, const LogQuery& query) {
  if (entry.level < query.level || !entry.component.starts_with(query.component)) return false;
  if (query.text.empty() || contains(entry.message, query.text)) return true;
  return contains(json::serialize(entry.fields), query.text);
}

}  // namespace

void LogTail::push(LogEntry entry) {
  entry.seq = ++last_seq_;
  const std::size_t bytes = entry.bytes();
  bytes_ += bytes;
  lines_.push_back({.entry = std::move(entry), .bytes = bytes});
  while (lines_.size() > kMaxLines || bytes_ > kMaxBytes) {
    bytes_ -= lines_.front().bytes;
    lines_.pop_front();
  }
}

LogPage LogTail::find(const LogQuery& query) const {
  LogPage page{.lines = {}, .next = last_seq_};
  if (query.after == 0 || query.after > last_seq_) {
    for (auto line = lines_.rbegin(); line != lines_.rend() && page.lines.size() < query.limit; ++line) {
      if (matches(line->entry, query)) page.lines.push_back(line->entry);
    }
    std::ranges::reverse(page.lines);
    return page;
  }
  for (const Kept& line : lines_) {
    if (line.entry.seq <= query.after || !matches(line.entry, query)) continue;
    if (page.lines.size() == query.limit) {
      page.next = page.lines.empty() ? query.after : page.lines.back().seq;  // the rest waits for the next question
      break;
    }
    page.lines.push_back(line.entry);
  }
  return page;
}

}  // namespace sluice
