#include "journal.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/mp11/list.hpp>
#include <fstream>
#include <stdexcept>
#include <utility>

namespace sluice::recording {
namespace {

/// Names of the entries, in the order of JournalEntry's alternatives.
constexpr std::array<std::string_view, std::variant_size_v<JournalEntry>> kTypes{
    "sessionBegan", "participantCame", "participantWent", "trackBegan",  "clockSeen",
    "trackPaused",  "pictureTurned",   "trackEnd",        "speakerLed",  "layoutChanged",
    "chatSaid",     "sessionPaused",   "sessionResumed",  "sessionEnded"};

/// One line, without its end. Throws what is wrong with it.
JournalEntry parse_line(const std::string& line) {
  // A name that is no UTF-8 must not cost the session.
  const json::value value = json::parse(line, {}, {.allow_invalid_utf8 = true});
  const json::value* type = value.as_object().if_contains("type");
  if (type == nullptr || !type->is_string()) throw std::runtime_error{"no type"};

  std::optional<JournalEntry> entry;
  boost::mp11::mp_for_each<boost::mp11::mp_iota_c<kTypes.size()>>([&](auto index) {
    if (kTypes[index] != std::string_view{type->as_string()}) return;
    entry = from_json<std::variant_alternative_t<index, JournalEntry>>(value);
  });
  if (!entry) throw std::runtime_error{"unknown type '" + std::string{type->as_string()} + "'"};
  return *std::move(entry);
}

enum class LineEnd : std::uint8_t { whole, cut, too_long, none };

/// The next line of at most kMaxJournalLine bytes. `cut`: the file ends before it does; `none`: nothing is left.
LineEnd next_line(std::streambuf& in, std::string& line) {
  constexpr int kEnd = std::char_traits<char>::eof();
  line.clear();
  for (int c = in.sbumpc(); c != kEnd; c = in.sbumpc()) {
    if (c == '\n') return LineEnd::whole;
    if (line.size() + 1 == kMaxJournalLine) return LineEnd::too_long;
    line.push_back(static_cast<char>(c));
  }
  return line.empty() ? LineEnd::none : LineEnd::cut;
}

void check_beginning(const std::vector<JournalEntry>& entries) {
  if (entries.empty()) throw std::runtime_error{"the journal is empty"};
  const auto* began = std::get_if<SessionBegan>(&entries.front());
  if (began == nullptr) throw std::runtime_error{"the journal does not begin with sessionBegan"};
  if (began->version != kJournalVersion) {
    throw std::runtime_error{"the journal is of version " + std::to_string(began->version) + ", this reads version " +
                             std::to_string(kJournalVersion)};
  }
}

/// Told before the rest of the line is read: another version may have other members.
void check_version(const std::string& line) {
  boost::system::error_code failed;
  const json::value value = json::parse(line, failed);
  if (failed || !value.is_object()) return;
  const json::value* version = value.get_object().if_contains("version");
  if (version == nullptr || *version == json::value(kJournalVersion)) return;
  throw std::runtime_error{"the journal is of version " + json::serialize(*version) + ", this reads version " +
                           std::to_string(kJournalVersion)};
}

}  // namespace

std::string to_line(const JournalEntry& entry) {
  json::object line{{"type", kTypes[entry.index()]}};
  const json::value members = std::visit([](const auto& one) { return to_json(one); }, entry);
  for (const auto& [name, value] : members.get_object()) line[name] = value;
  std::string text = json::serialize(line) + '\n';
  if (text.size() > kMaxJournalLine) throw std::length_error{"a line of the journal is too long"};
  return text;
}

std::vector<JournalEntry> read_journal(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  if (!file) throw std::runtime_error{path + ": cannot be opened"};

  std::vector<JournalEntry> entries;
  std::string line;
  for (std::size_t number = 1;; ++number) {
    const LineEnd end = next_line(*file.rdbuf(), line);
    // What has no end was being written when the process, or the machine, died. Line by line, nothing follows it.
    if (end == LineEnd::none || end == LineEnd::cut) break;
    try {
      if (end == LineEnd::too_long) throw std::runtime_error{"too long"};
      if (number == 1) check_version(line);
      entries.push_back(parse_line(line));
    } catch (const std::exception& error) {
      throw std::runtime_error{path + ", line " + std::to_string(number) + ": " + error.what()};
    }
    if (number == 1) check_beginning(entries);
  }
  check_beginning(entries);
  return entries;
}

}  // namespace sluice::recording
