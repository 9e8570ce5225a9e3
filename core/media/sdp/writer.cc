#include "core/media/sdp/writer.h"

#include "core/media/ortc/codec.h"
#include "core/media/sdp/candidate.h"

namespace sluice::sdp {
namespace {

/// Appends whole lines.
class Text {
 public:
  template <class... Parts>
  void line(const Parts&... parts) {
    (append(parts), ...);
    text_ += "\r\n";
  }
  [[nodiscard]] std::string take() && { return std::move(text_); }

 private:
  void append(std::string_view part) { text_ += part; }
  void append(char part) { text_ += part; }
  template <class Number>
    requires std::is_integral_v<Number>
  void append(Number part) {
    text_ += std::to_string(part);
  }

  std::string text_;
};

std::string_view name_of(Direction direction) noexcept {
  constexpr std::array<std::string_view, 4> kNames{"sendrecv", "sendonly", "recvonly", "inactive"};
  return kNames[static_cast<std::size_t>(direction)];
}

std::string_view name_of(Setup setup) noexcept {
  constexpr std::array<std::string_view, 4> kNames{"actpass", "active", "passive", "holdconn"};
  return kNames[static_cast<std::size_t>(setup)];
}

template <class List, class Write>
std::string joined(const List& list, std::string_view separator, Write write) {
  std::string out;
  for (const auto& entry : list) out.append(out.empty() ? "" : separator).append(write(entry));
  return out;
}

std::string parameters_text(const FormatParameters& parameters) {
  return joined(parameters, ";", [&](const auto& entry) {
    const auto& [key, value] = entry;
    const auto text = ortc::text_parameter(parameters, key);
    return text ? key + "=" + *text : key;
  });
}

void write_transport(const TransportAttributes& transport, Text& out) {
  if (transport.ufrag) out.line("a=ice-ufrag:", *transport.ufrag);
  if (transport.password) out.line("a=ice-pwd:", *transport.password);
  if (transport.trickle) out.line("a=ice-options:trickle");
  for (const DtlsFingerprint& fingerprint : transport.fingerprints) {
    out.line("a=fingerprint:", fingerprint.algorithm, ' ', fingerprint.value);
  }
  if (transport.setup) out.line("a=setup:", name_of(*transport.setup));
  for (const IceCandidate& candidate : transport.candidates) out.line("a=candidate:", write_candidate(candidate));
  if (transport.end_of_candidates) out.line("a=end-of-candidates");
}

void write_codec(const Codec& codec, Text& out) {
  if (codec.name.empty()) return;
  const unsigned payload_type = codec.payload_type.value();
  if (codec.channels) {
    out.line("a=rtpmap:", payload_type, ' ', codec.name, '/', codec.clock_rate, '/', unsigned{*codec.channels});
  } else {
    out.line("a=rtpmap:", payload_type, ' ', codec.name, '/', codec.clock_rate);
  }
  for (const RtcpFeedback& feedback : codec.feedback) {
    out.line("a=rtcp-fb:", payload_type, ' ', feedback.type, feedback.parameter.empty() ? "" : " ", feedback.parameter);
  }
  if (!codec.parameters.empty()) out.line("a=fmtp:", payload_type, ' ', parameters_text(codec.parameters));
}

void write_extension(const Extension& extension, Text& out) {
  const bool both = extension.direction == Direction::sendrecv;
  out.line("a=extmap:", unsigned{extension.id}, both ? "" : "/", both ? "" : name_of(extension.direction), ' ',
           extension.uri);
}

std::string restrictions_text(const RidLine& rid) {
  std::string out;
  const auto add = [&](std::string_view key, const std::string& value) {
    out.append(out.empty() ? " " : ";").append(key).append("=").append(value);
  };
  if (!rid.formats.empty()) {
    add("pt", joined(rid.formats, ",", [](PayloadType type) { return std::to_string(type.value()); }));
  }
  if (rid.max_bitrate) add("max-br", std::to_string(*rid.max_bitrate));
  if (rid.max_framerate) add("max-fps", std::to_string(*rid.max_framerate));
  return out;
}

void write_simulcast(const Simulcast& simulcast, Text& out) {
  const auto streams = [](std::string_view way, const std::vector<SimulcastStream>& list) {
    if (list.empty()) return std::string{};
    return std::string{way} +
           joined(list, ";", [](const SimulcastStream& stream) { return (stream.paused ? "~" : "") + stream.rid; });
  };
  const std::string send = streams("send ", simulcast.send);
  const std::string receive = streams("recv ", simulcast.receive);
  out.line("a=simulcast:", send, send.empty() || receive.empty() ? "" : " ", receive);
}

void write_sources(const MediaSection& section, Text& out) {
  for (const SourceGroup& group : section.groups) {
    out.line("a=ssrc-group:", group.semantics, group.ssrcs.empty() ? "" : " ",
             joined(group.ssrcs, " ", [](Ssrc ssrc) { return std::to_string(ssrc.value()); }));
  }
  for (const Source& source : section.sources) {
    if (source.cname.empty() && source.msid.empty()) out.line("a=ssrc:", source.ssrc.value());
    if (!source.cname.empty()) out.line("a=ssrc:", source.ssrc.value(), " cname:", source.cname);
    if (!source.msid.empty()) out.line("a=ssrc:", source.ssrc.value(), " msid:", source.msid);
  }
}

void write_media_line(const MediaSection& section, Text& out) {
  out.line("m=", section.media, ' ', section.port, ' ', section.protocol, ' ',
           joined(section.formats, " ", [](const std::string& format) { return format; }));
}

void write_section(const MediaSection& section, Text& out) {
  write_media_line(section, out);
  out.line("c=IN IP4 0.0.0.0");  // RFC 8840 section 4.1.1: the address is told by candidates
  if (!section.mid.empty()) out.line("a=mid:", section.mid);
  if (section.bundle_only) out.line("a=bundle-only");
  write_transport(section.transport, out);
  out.line("a=", name_of(section.direction));
  if (section.rtcp_mux) out.line("a=rtcp-mux");
  if (section.rtcp_mux_only) out.line("a=rtcp-mux-only");
  if (section.rtcp_rsize) out.line("a=rtcp-rsize");
  if (section.extmap_allow_mixed) out.line("a=extmap-allow-mixed");
  for (const Extension& extension : section.extensions) write_extension(extension, out);
  if (section.msid) out.line("a=msid:", *section.msid);
  for (const Codec& codec : section.codecs) write_codec(codec, out);
  for (const RidLine& rid : section.rids) {
    out.line("a=rid:", rid.id, rid.direction == Direction::sendonly ? " send" : " recv", restrictions_text(rid));
  }
  if (section.simulcast) write_simulcast(*section.simulcast, out);
  write_sources(section, out);
}

/// What comes before the first m-line, of fragments and descriptions alike.
void write_session_attributes(const SessionDescription& description, Text& out) {
  if (description.ice_lite) out.line("a=ice-lite");
  if (!description.bundle) return;
  std::string group = "a=group:BUNDLE";
  for (const std::string& mid : *description.bundle) group.append(" ").append(mid);
  out.line(group);
}

}  // namespace

std::string write_description(const SessionDescription& description) {
  Text out;
  out.line("v=0");
  // The address tells nothing; RFC 8829 section 5.2.1 has the one of the host itself for it.
  out.line("o=- ", description.session_id, ' ', description.version, " IN IP4 127.0.0.1");
  out.line("s=-");
  out.line("t=0 0");
  write_session_attributes(description, out);
  for (const MediaSection& section : description.sections) write_section(section, out);
  return std::move(out).take();
}

std::string write_fragment(const SessionDescription& description) {
  Text out;
  write_session_attributes(description, out);
  write_transport(description.transport, out);
  for (const MediaSection& section : description.sections) {
    write_media_line(section, out);
    if (!section.mid.empty()) out.line("a=mid:", section.mid);
    write_transport(section.transport, out);
  }
  return std::move(out).take();
}

}  // namespace sluice::sdp
