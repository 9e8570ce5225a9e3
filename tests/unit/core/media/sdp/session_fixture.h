#pragma once

#include <algorithm>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "core/media/ortc/negotiation.h"
#include "core/media/ortc/router_capabilities.h"
#include "core/media/sdp/negotiation.h"
#include "core/media/sdp/reader.h"
#include "tests/unit/core/media/sdp/offers.h"
#include "tests/unit/core/media/sdp/recording_transport.h"

namespace sluice::sdp {

inline const RtpCapabilities& router() {
  static const RtpCapabilities capabilities = ortc::router_capabilities(ortc::default_codecs());
  return capabilities;
}

/// What a call refuses with; Error{internal} where it refuses nothing.
template <class Call>
Error refusal(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return error;
  }
  return Error{ErrorCode::internal, "nothing was refused"};
}

inline std::size_t line_of(const Error& error) {
  const auto* line = error.details().if_contains("line");
  return line == nullptr ? 0 : static_cast<std::size_t>(line->to_number<std::uint64_t>());
}

/// The number of the first line of `text` that starts with `start`, behind `after` of those.
inline std::size_t line_number(std::string_view text, std::string_view start, int after = 0) {
  std::size_t number = 1;
  for (; !text.empty(); ++number) {
    if (text.starts_with(start) && after-- == 0) return number;
    text.remove_prefix(std::min(text.find('\n') + 1, text.size()));
  }
  return 0;
}

inline bool has_line(std::string_view text, std::string_view line) {
  return ("\n" + std::string{text}).find("\n" + std::string{line} + "\r\n") != std::string::npos;
}

inline int count(std::string_view text, std::string_view what) {
  int found = 0;
  for (std::size_t at = text.find(what); at != std::string_view::npos; at = text.find(what, at + 1)) ++found;
  return found;
}

/// A session over a recorded transport, and producers of others whose media its client may get.
struct SessionFixture {
  RecordingTransport transport;
  Negotiation session{transport, router()};
  std::deque<RtpParameters> consumed{};
  std::uint32_t next_ssrc = 900'000;

  /// What the session wrote, read again; it must be readable.
  static SessionDescription read(const std::string& text) {
    auto description = read_description(text);
    if (!description) throw std::runtime_error{std::string{description.error().reason}};
    return std::move(*description);
  }

  /// Consumes somebody's VP8 or Opus with what a section can receive.
  SdpTrack consume(const SdpReceiving& section) {
    const auto new_ssrc = [this] { return Ssrc{next_ssrc++}; };
    RtpParameters sent{.encodings = {{.ssrc = Ssrc{7}}}, .rtcp = {.cname = "somebody"}};
    for (const RtpCodecCapability& codec : router().codecs) {
      if (codec.kind != section.kind || !sent.codecs.empty()) continue;
      sent.codecs.push_back({.mime_type = codec.mime_type,
                             .payload_type = *codec.preferred_payload_type,
                             .clock_rate = codec.clock_rate,
                             .channels = codec.channels,
                             .rtcp_feedback = codec.rtcp_feedback});
    }
    const auto producer = ortc::negotiate_producer(section.kind, sent, router(), new_ssrc, "cname");
    consumed.push_back(
        ortc::negotiate_consumer(producer, section.rtp_capabilities, new_ssrc, {.mid = Mid::from(section.mid)})
            .parameters);
    return {.mid = section.mid, .rtp_parameters = consumed.back(), .stream_id = "somebody"};
  }

  std::vector<SdpTrack> consume_all(const SdpOffer& offer) {
    std::vector<SdpTrack> tracks;
    for (const SdpReceiving& section : offer.receiving) tracks.push_back(consume(section));
    return tracks;
  }
  static std::vector<std::string> mids_of(const SdpOffer& offer) {
    std::vector<std::string> mids;
    for (const SdpSending& section : offer.sending) mids.push_back(section.mid);
    return mids;
  }
  /// Takes all that the client sends, and gives it a track wherever it can receive one.
  std::string answer_all(const std::string& text) {
    const SdpOffer offer = session.read_offer(text);
    return session.answer(mids_of(offer), consume_all(offer));
  }
};

}  // namespace sluice::sdp
