#include "timeline_transcript.h"

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <cstdio>
#include <string_view>

#include "sluice/identity.h"
#include "sluice/utc_text.h"

namespace sluice::recording {

namespace {

/// A cue must have some length to be shown at all.
constexpr MediaTime kLeastShown = std::chrono::seconds{1};

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
    // A broken byte becomes three.
    std::string line = sanitise_text(text.substr(0, end), 3 * end);
    if (!line.empty()) lines.push_back(std::move(line));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

/// WebVTT, section 4.2.2: `&` and `<` begin markup; without `>` there is no `-->`, which would begin a cue.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else {
      out += c;
    }
  }
  return out;
}

/// `00:01:02.345`
std::string vtt_time(MediaTime time) {
  const std::int64_t ms = time.count() / 1000;
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%02lld:%02lld:%02lld.%03lld", static_cast<long long>(ms / 3'600'000),
                static_cast<long long>(ms / 60'000 % 60), static_cast<long long>(ms / 1000 % 60),
                static_cast<long long>(ms % 1000));
  return text.data();
}

std::string joined(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out.append(out.empty() ? "" : "\n").append(line);
  return out;
}

}  // namespace

std::vector<TranscriptLine> make_transcript(const Session& session, const Timeline& timeline) {
  std::vector<TranscriptLine> out;
  for (const ChatSaid& said : session.chat) {
    if (!timeline.is_recorded(MediaTime{said.at_us})) continue;
    std::vector<std::string> lines = lines_of(said.text);
    if (lines.empty()) continue;
    out.push_back({timeline.product_time(MediaTime{said.at_us}), sanitise_text(said.name), std::move(lines)});
  }
  return out;
}

std::string to_webvtt(const std::vector<TranscriptLine>& transcript, MediaTime end) {
  std::string out = "WEBVTT\n";
  for (const TranscriptLine& line : transcript) {
    const MediaTime until = std::max(std::min(line.at + kMessageShown, end), line.at + kLeastShown);
    out += "\n" + vtt_time(line.at) + " --> " + vtt_time(until) + "\n";
    out += line.name.empty() ? "<v ->" : "<v " + escaped(line.name) + ">";
    out += escaped(joined(line.lines)) + "</v>\n";
  }
  return out;
}

std::string to_json_text(const std::vector<TranscriptLine>& transcript, const SessionBegan& began) {
  json::array messages;
  for (const TranscriptLine& line : transcript) {
    messages.push_back(
        json::object{{"atMs", line.at.count() / 1000}, {"name", line.name}, {"text", joined(line.lines)}});
  }
  return json::serialize(json::object{{"recordingId", began.recording_id},
                                      {"title", began.settings.title},
                                      {"startedAt", utc_text_of_ms(began.wall_time_ms)},
                                      {"messages", std::move(messages)}}) +
         "\n";
}

}  // namespace sluice::recording
