#include "core/media/sdp/stream_attributes.h"

#include "core/media/ortc/limits.h"
#include "core/media/rtp/stream_label.h"
#include "core/media/sdp/limits.h"

namespace sluice::sdp {
namespace {

/// `-` names no stream, RFC 8830 section 2. The track is missing where the sender gives it no name of its own.
std::optional<std::string> msid_of(std::string_view value) {
  Splitter in{value};
  const std::string_view stream = in.word();
  const std::string_view track = in.word();
  if (!is_text(stream, ortc::kMaxMsidPartBytes, is_visible)) return std::nullopt;
  if (!track.empty() && !is_text(track, ortc::kMaxMsidPartBytes, is_visible)) return std::nullopt;
  std::string out{stream};
  return track.empty() ? out : out.append(" ").append(track);
}

std::optional<Ssrc> ssrc_of(std::string_view text) noexcept {
  const auto number = parse_number<std::uint32_t>(text);
  if (!number || *number == 0) return std::nullopt;
  return Ssrc{*number};
}

Source* find_or_add(MediaSection& section, Ssrc ssrc, std::size_t line) {
  for (Source& source : section.sources) {
    if (source.ssrc == ssrc) return &source;
  }
  if (!has_room(section.sources, kMaxSources)) return nullptr;
  return &section.sources.emplace_back(Source{.ssrc = ssrc, .line = line});
}

std::optional<std::vector<PayloadType>> formats_of(std::string_view list) {
  std::vector<PayloadType> out;
  Splitter in{list};
  while (!in.done()) {
    const auto number = parse_number<std::uint8_t>(in.until(','));
    if (!number || *number > ortc::kMaxPayloadType || !has_room(out, kMaxFormats)) return std::nullopt;
    out.emplace_back(*number);
  }
  return out;
}

Read read_restriction(std::string_view text, RidLine& rid) {
  Splitter in{text};
  const std::string_view key = trimmed(in.until('='));
  const std::string_view value = trimmed(in.rest());
  if (key == "pt") {
    auto formats = formats_of(value);
    if (!formats) return std::string_view{"the payload types of a rid cannot be read"};
    rid.formats = std::move(*formats);
  }
  // Further restrictions are the sender's own business.
  if (key == "max-br") rid.max_bitrate = parse_number<std::uint32_t>(value);
  if (key == "max-fps") rid.max_framerate = parse_number<std::uint32_t>(value);
  return Ok{};
}

/// `~q,~h` -> q, paused.
std::optional<SimulcastStream> stream_of(std::string_view alternatives) {
  std::string_view first = Splitter{alternatives}.until(',');
  const bool paused = first.starts_with('~');
  if (paused) first.remove_prefix(1);
  if (!Rid::from(first)) return std::nullopt;
  return SimulcastStream{std::string{first}, paused};
}

std::optional<std::vector<SimulcastStream>> streams_of(std::string_view list) {
  std::vector<SimulcastStream> out;
  Splitter in{list};
  while (!in.done()) {
    auto stream = stream_of(in.until(';'));
    if (!stream || !has_room(out, kMaxRids)) return std::nullopt;
    out.push_back(std::move(*stream));
  }
  return out.empty() ? std::nullopt : std::optional{std::move(out)};
}

}  // namespace

Read read_msid(std::string_view value, MediaSection& section) {
  auto msid = msid_of(value);
  if (!msid) return std::string_view{"the msid is not one or two identifiers of 1 to 64 bytes"};
  if (!section.msid) section.msid = std::move(msid);
  return Ok{};
}

Read read_ssrc(std::string_view value, MediaSection& section, std::size_t line) {
  Splitter in{value};
  const auto ssrc = ssrc_of(in.word());
  if (!ssrc) return std::string_view{"the SSRC is not 1 to 4294967295"};
  Source* const source = find_or_add(section, *ssrc, line);
  if (source == nullptr) return std::string_view{"the section has too many SSRCs"};
  const std::string_view attribute = trimmed(in.rest());
  const std::string_view name = Splitter{attribute}.until(':');
  const std::string_view content = attribute.substr(std::min(name.size() + 1, attribute.size()));
  if (name == "cname") {
    if (!is_text(content, ortc::kMaxCnameBytes, is_visible))
      return std::string_view{"the cname is not 1 to 255 visible bytes"};
    source->cname = content;
  } else if (name == "msid") {
    source->msid = msid_of(content).value_or("");
  }
  return Ok{};
}

Read read_ssrc_group(std::string_view value, MediaSection& section, std::size_t line) {
  Splitter in{value};
  SourceGroup group{.semantics = std::string{in.word()}, .line = line};
  if (!is_text(group.semantics, ortc::kMaxFeedbackBytes, is_token))
    return std::string_view{"the group has no semantics"};
  for (std::string_view word = in.word(); !word.empty(); word = in.word()) {
    const auto ssrc = ssrc_of(word);
    if (!ssrc) return std::string_view{"the SSRC is not 1 to 4294967295"};
    if (!has_room(group.ssrcs, kMaxGroupSources)) return std::string_view{"the group has too many SSRCs"};
    group.ssrcs.push_back(*ssrc);
  }
  if (!has_room(section.groups, kMaxGroups)) return std::string_view{"the section has too many groups of SSRCs"};
  section.groups.push_back(std::move(group));
  return Ok{};
}

Read read_rid(std::string_view value, MediaSection& section, std::size_t line) {
  Splitter in{value};
  RidLine rid{.id = std::string{in.word()}, .line = line};
  const std::string_view direction = in.word();
  if (!Rid::from(rid.id)) return std::string_view{"the rid is not 1 to 16 letters, digits, - or _"};
  if (direction != "send" && direction != "recv") return std::string_view{"the rid is neither send nor recv"};
  rid.direction = direction == "send" ? Direction::sendonly : Direction::recvonly;
  Splitter list{in.rest()};
  while (!list.done()) {
    if (const Read read = read_restriction(list.until(';'), rid); !read) return read;
  }
  const bool twice = std::any_of(section.rids.begin(), section.rids.end(), [&](const RidLine& other) {
    return other.id == rid.id;  // RFC 8851 section 4: unique in the section
  });
  if (twice) return std::string_view{"the rid stands twice"};
  if (!has_room(section.rids, kMaxRids)) return std::string_view{"the section has too many rids"};
  section.rids.push_back(std::move(rid));
  return Ok{};
}

Read read_simulcast(std::string_view value, MediaSection& section, std::size_t line) {
  if (section.simulcast) return std::string_view{"a=simulcast stands twice"};  // RFC 8853 section 5.1
  Simulcast simulcast{.line = line};
  Splitter in{value};
  for (std::string_view way = in.word(); !way.empty(); way = in.word()) {
    const bool sending = way == "send";
    if (!sending && way != "recv") return std::string_view{"the streams are neither send nor recv"};
    auto& streams = sending ? simulcast.send : simulcast.receive;
    if (!streams.empty()) return std::string_view{"one way of a=simulcast stands twice"};
    auto listed = streams_of(in.word());
    if (!listed) return std::string_view{"the streams of a=simulcast cannot be read"};
    streams = std::move(*listed);
  }
  if (simulcast.send.empty() && simulcast.receive.empty()) return std::string_view{"a=simulcast names no stream"};
  section.simulcast = std::move(simulcast);
  return Ok{};
}

}  // namespace sluice::sdp
