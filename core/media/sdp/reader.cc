#include "core/media/sdp/reader.h"

#include <array>

#include "core/media/rtp/stream_label.h"
#include "core/media/sdp/codec_attributes.h"
#include "core/media/sdp/limits.h"
#include "core/media/sdp/lines.h"
#include "core/media/sdp/stream_attributes.h"
#include "core/media/sdp/text.h"
#include "core/media/sdp/transport_attributes.h"
#include "sluice/sdp.h"

namespace sluice::sdp {
namespace {

/// Builds the description line by line.
struct Builder {
  SessionDescription description{};
  std::optional<Direction> session_direction{};
  std::vector<Extension> session_extensions{};
  /// Of the section that is being read.
  std::optional<Direction> direction{};
  std::vector<RtcpFeedback> feedback_of_all{};

  [[nodiscard]] MediaSection* section() noexcept {
    return description.sections.empty() ? nullptr : &description.sections.back();
  }
  [[nodiscard]] TransportAttributes& transport() noexcept {
    return section() == nullptr ? description.transport : section()->transport;
  }
  void end_section();
};

void Builder::end_section() {
  MediaSection* const done = section();
  if (done == nullptr) return;
  add_feedback(std::exchange(feedback_of_all, {}), *done);
  inherit(description.transport, done->transport);
  done->direction = direction.value_or(session_direction.value_or(Direction::sendrecv));
  done->extmap_allow_mixed = done->extmap_allow_mixed || description.extmap_allow_mixed;
  direction.reset();
}

/// RFC 9143 section 7: `BUNDLE <mid>...`. Other groups are ignored, as are further ones of BUNDLE.
Read read_group(std::string_view value, Builder& out, std::size_t line) {
  Splitter in{value};
  if (in.word() != "BUNDLE" || out.description.bundle) return Ok{};
  std::vector<std::string> mids;
  for (std::string_view mid = in.word(); !mid.empty(); mid = in.word()) {
    if (!Mid::from(mid)) return std::string_view{"a mid of the group is not a token of 1 to 16 bytes"};
    if (std::find(mids.begin(), mids.end(), mid) != mids.end())
      return std::string_view{"a mid stands in the group twice"};
    if (!has_room(mids, SdpSession::kMaxSections)) return std::string_view{"the group has too many mids"};
    mids.emplace_back(mid);
  }
  out.description.bundle = std::move(mids);
  out.description.bundle_line = line;
  return Ok{};
}

Read read_mid(std::string_view value, Builder& out) {
  if (!Mid::from(value)) return std::string_view{"the mid is not a token of 1 to 16 bytes"};
  for (const MediaSection& section : out.description.sections) {
    if (section.mid == value) return std::string_view{"the mid stands twice"};
  }
  out.section()->mid = value;
  return Ok{};
}

enum class Level : std::uint8_t { session, section, both };

struct Attribute {
  std::string_view name;
  Level level;
  Read (*read)(std::string_view value, Builder& out, std::size_t line);
};

Read set_direction(Builder& out, Direction direction) {
  (out.section() == nullptr ? out.session_direction : out.direction) = direction;
  return Ok{};
}

using Text = std::string_view;
using Number = std::size_t;

constexpr std::array kAttributes{
    Attribute{"group", Level::session, read_group},
    Attribute{"ice-lite", Level::session,
              [](Text, Builder& out, Number line) -> Read {
                out.description.ice_lite = true;
                out.description.ice_lite_line = line;
                return Ok{};
              }},
    Attribute{"ice-ufrag", Level::both,
              [](Text value, Builder& out, Number line) { return read_ice_ufrag(value, out.transport(), line); }},
    Attribute{"ice-pwd", Level::both,
              [](Text value, Builder& out, Number line) { return read_ice_pwd(value, out.transport(), line); }},
    Attribute{"ice-options", Level::both,
              [](Text value, Builder& out, Number) { return read_ice_options(value, out.transport()); }},
    Attribute{"fingerprint", Level::both,
              [](Text value, Builder& out, Number line) { return read_fingerprint(value, out.transport(), line); }},
    Attribute{"setup", Level::both,
              [](Text value, Builder& out, Number line) { return read_setup(value, out.transport(), line); }},
    Attribute{"end-of-candidates", Level::both,
              [](Text, Builder& out, Number) -> Read {
                out.transport().end_of_candidates = true;
                return Ok{};
              }},
    Attribute{"extmap-allow-mixed", Level::both,
              [](Text, Builder& out, Number) -> Read {
                (out.section() == nullptr ? out.description.extmap_allow_mixed : out.section()->extmap_allow_mixed) =
                    true;
                return Ok{};
              }},
    Attribute{"extmap", Level::both,
              [](Text value, Builder& out, Number line) {
                auto& list = out.section() == nullptr ? out.session_extensions : out.section()->extensions;
                return read_extmap(value, list, line);
              }},
    Attribute{"sendrecv", Level::both,
              [](Text, Builder& out, Number) { return set_direction(out, Direction::sendrecv); }},
    Attribute{"sendonly", Level::both,
              [](Text, Builder& out, Number) { return set_direction(out, Direction::sendonly); }},
    Attribute{"recvonly", Level::both,
              [](Text, Builder& out, Number) { return set_direction(out, Direction::recvonly); }},
    Attribute{"inactive", Level::both,
              [](Text, Builder& out, Number) { return set_direction(out, Direction::inactive); }},
    Attribute{"mid", Level::section, [](Text value, Builder& out, Number) { return read_mid(value, out); }},
    Attribute{"candidate", Level::section,
              [](Text value, Builder& out, Number) { return read_candidate(value, out.transport()); }},
    Attribute{"rtcp-mux", Level::section,
              [](Text, Builder& out, Number) -> Read {
                out.section()->rtcp_mux = true;
                return Ok{};
              }},
    Attribute{"rtcp-mux-only", Level::section,
              [](Text, Builder& out, Number) -> Read {
                out.section()->rtcp_mux_only = true;
                return Ok{};
              }},
    Attribute{"rtcp-rsize", Level::section,
              [](Text, Builder& out, Number) -> Read {
                out.section()->rtcp_rsize = true;
                return Ok{};
              }},
    Attribute{"bundle-only", Level::section,
              [](Text, Builder& out, Number) -> Read {
                out.section()->bundle_only = true;
                return Ok{};
              }},
    Attribute{"rtpmap", Level::section,
              [](Text value, Builder& out, Number line) { return read_rtpmap(value, *out.section(), line); }},
    Attribute{"fmtp", Level::section,
              [](Text value, Builder& out, Number) { return read_fmtp(value, *out.section()); }},
    Attribute{
        "rtcp-fb", Level::section,
        [](Text value, Builder& out, Number) { return read_feedback(value, *out.section(), out.feedback_of_all); }},
    Attribute{"msid", Level::section,
              [](Text value, Builder& out, Number) { return read_msid(value, *out.section()); }},
    Attribute{"ssrc", Level::section,
              [](Text value, Builder& out, Number line) { return read_ssrc(value, *out.section(), line); }},
    Attribute{"ssrc-group", Level::section,
              [](Text value, Builder& out, Number line) { return read_ssrc_group(value, *out.section(), line); }},
    Attribute{"rid", Level::section,
              [](Text value, Builder& out, Number line) { return read_rid(value, *out.section(), line); }},
    Attribute{"simulcast", Level::section,
              [](Text value, Builder& out, Number line) { return read_simulcast(value, *out.section(), line); }},
};

/// What stands at the other level is ignored, as RFC 8866 section 6 has it for attributes that are not understood.
Read read_attribute(std::string_view text, Builder& out, std::size_t line) {
  Splitter in{text};
  const std::string_view name = in.until(':');
  const Level other = out.section() == nullptr ? Level::section : Level::session;
  for (const Attribute& attribute : kAttributes) {
    if (attribute.name == name && attribute.level != other) return attribute.read(trimmed(in.rest()), out, line);
  }
  return Ok{};
}

// m=<media> <port> <protocol> <format>...
Read read_media(std::string_view value, Builder& out, std::size_t line) {
  out.end_section();
  if (!has_room(out.description.sections, SdpSession::kMaxSections))
    return std::string_view{"there are too many m-lines"};
  Splitter in{value};
  MediaSection section{.media = std::string{in.word()}, .line = line};
  const auto port = parse_number<std::uint16_t>(in.word());
  section.protocol = in.word();
  for (std::string_view format = in.word(); !format.empty(); format = in.word()) {
    if (!has_room(section.formats, kMaxFormats)) return std::string_view{"the m-line has too many formats"};
    section.formats.emplace_back(format);
  }
  const auto is_protocol = [](char c) { return is_token(c) || c == '/'; };
  constexpr std::size_t kMaxWord = 64;
  if (!is_text(section.media, kMaxWord, is_token)) return std::string_view{"the m-line has no media"};
  if (!port) return std::string_view{"the port of the m-line is not 0 to 65535"};
  if (!is_text(section.protocol, kMaxWord, is_protocol)) return std::string_view{"the m-line has no protocol"};
  const bool formats_good = std::all_of(section.formats.begin(), section.formats.end(),
                                        [](const std::string& format) { return is_text(format, kMaxWord, is_token); });
  if (section.formats.empty() || !formats_good) return std::string_view{"the m-line has no format"};
  section.port = *port;
  const bool rtp = section.media == "audio" || section.media == "video";
  out.description.sections.push_back(std::move(section));
  return rtp ? read_payload_types(*out.section()) : Read{Ok{}};
}

/// Everything but the session's first three lines.
Read read_line(const Line& line, Builder& out) {
  switch (line.type) {
    case 'm':
      return read_media(line.value, out, line.number);
    case 'a':
      return read_attribute(line.value, out, line.number);
    case 'v':
    case 'o':
    case 's':
      return std::string_view{"the line stands at the wrong place"};
    default:
      return Ok{};  // i= u= e= p= c= b= r= z= k= and what may come
  }
}

/// o=<username> <session id> <version> IN IP4|IP6 <address>
bool is_origin(std::string_view value) noexcept {
  constexpr int kFields = 6;
  Splitter in{value};
  int fields = 0;
  while (!in.word().empty()) ++fields;
  return fields == kFields;
}

/// RFC 8866 section 5: v=, o= and s= come first, in this order.
Result<Ok, Problem> read_head(Lines& lines) {
  constexpr std::array<std::pair<char, std::string_view>, 3> kHead{{{'v', "the text does not start with v=0"},
                                                                    {'o', "o= is missing, or not of six fields"},
                                                                    {'s', "s= is missing"}}};
  for (const auto& [type, reason] : kHead) {
    const auto line = lines.next();
    if (!line) return line.error();
    const bool good = *line && (*line)->type == type && (type != 'v' || (*line)->value == "0") &&
                      (type != 'o' || is_origin((*line)->value));
    if (!good) return Problem{std::max<std::size_t>(lines.number(), 1), reason};
  }
  return Ok{};
}

/// Reads on to the end. `timed`: `t=` has to come before the first m-line.
Result<SessionDescription, Problem> read_rest(Lines& lines, bool timed) {
  Builder out;
  bool time_seen = !timed;
  while (true) {
    const auto line = lines.next();
    if (!line) return line.error();
    const bool ended = !*line || (*line)->type == 'm';
    if (ended && !time_seen) return Problem{lines.number(), "t= is missing before the first m-line"};
    if (!*line) break;
    time_seen = time_seen || (*line)->type == 't';
    if (const Read read = read_line(**line, out); !read) return Problem{(*line)->number, read.error()};
  }
  out.end_section();
  for (MediaSection& section : out.description.sections) {
    for (const Extension& extension : out.session_extensions) {
      const bool told = std::any_of(section.extensions.begin(), section.extensions.end(), [&](const Extension& other) {
        return other.id == extension.id || other.uri == extension.uri;
      });
      if (!told && has_room(section.extensions, kMaxExtensions)) section.extensions.push_back(extension);
    }
  }
  return std::move(out.description);
}

}  // namespace

Result<SessionDescription, Problem> read_description(std::string_view text) {
  if (text.size() > SdpSession::kMaxBytes) return Problem{1, "the text is too long"};
  Lines lines{text};
  if (const auto head = read_head(lines); !head) return head.error();
  return read_rest(lines, true);
}

Result<SessionDescription, Problem> read_fragment(std::string_view text) {
  if (text.size() > SdpSession::kMaxBytes) return Problem{1, "the text is too long"};
  Lines lines{text};
  return read_rest(lines, false);
}

}  // namespace sluice::sdp
