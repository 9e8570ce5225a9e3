#include <cstdint>
#include <cstdlib>
#include <deque>
#include <string>
#include <string_view>

#include "core/media/ortc/negotiation.h"
#include "core/media/ortc/router_capabilities.h"
#include "core/media/ortc/validate.h"
#include "core/media/sdp/negotiation.h"
#include "core/media/sdp/reader.h"
#include "tests/unit/core/media/sdp/recording_transport.h"

/// The input is what happens in a session: messages with NUL between them. The first byte of each says what it is; the
/// rest is its text. Sections that the client offers are produced and consumed as an application would, against the
/// real codec negotiation. Nothing but Error may be thrown, never `internal`, and what we write must be readable, with
/// the m-lines that there were.
namespace sluice::sdp {
namespace {

const RtpCapabilities& router() {
  static const RtpCapabilities capabilities = ortc::router_capabilities(ortc::default_codecs());
  return capabilities;
}

class Application {
 public:
  void handle(char kind, std::string_view text) {
    switch (kind) {
      case 'o':
        take(session_.read_offer(text));
        return check(session_.answer(accepted_, tracks()));
      case 'u':  // an offer that is never answered
        return take(session_.read_offer(text));
      case 'r':
        return session_.refuse_offer();
      case 'a':
        for (const std::string& mid : session_.read_answer(text)) drop(mid);
        return;
      case 'v':
        return consume(session_.next_section(MediaKind::video));
      case 's':
        return consume(session_.next_section(MediaKind::audio));
      case 'p':
        return check(session_.offer(accepted_, tracks()));
      case 'd':
        return tracks_.clear();
      case 'c':
        return session_.add_candidate(text);
      case 'f':
        if (const auto answer = session_.read_fragment(text); answer && !sdp::read_fragment(*answer)) std::abort();
        return;
      default:
        return;
    }
  }

 private:
  struct Track {
    std::string mid;
    RtpParameters parameters;
  };

  void take(const SdpOffer& offer) {
    accepted_.clear();
    for (const SdpSending& section : offer.sending) {
      static_cast<void>(ortc::negotiate_producer(
          section.kind, section.rtp_parameters, router(), [this] { return Ssrc{++ssrc_}; }, "cname"));
      accepted_.push_back(section.mid);
    }
    std::erase_if(tracks_, [&](const Track& track) {
      return std::ranges::find(offer.receiving, track.mid, &SdpReceiving::mid) == offer.receiving.end();
    });
    for (const SdpReceiving& section : offer.receiving) consume(section);
  }

  /// What the session says must be what the codec negotiation takes.
  static void demand_valid(const RtpCapabilities& capabilities) {
    try {
      ortc::validate(capabilities);
    } catch (const Error&) {
      std::abort();
    }
  }

  void consume(const SdpReceiving& section) {
    drop(section.mid);
    demand_valid(section.rtp_capabilities);
    const auto new_ssrc = [this] { return Ssrc{++ssrc_}; };
    RtpParameters sent{.encodings = {{.ssrc = Ssrc{7}}}};
    for (const RtpCodecCapability& codec : router().codecs) {
      if (codec.kind != section.kind) continue;
      sent.codecs.push_back({.mime_type = codec.mime_type,
                             .payload_type = *codec.preferred_payload_type,
                             .clock_rate = codec.clock_rate,
                             .channels = codec.channels,
                             .parameters = codec.parameters,
                             .rtcp_feedback = codec.rtcp_feedback});
    }
    const auto producer = ortc::negotiate_producer(section.kind, sent, router(), new_ssrc, "cname");
    auto consumer = ortc::negotiate_consumer(producer, section.rtp_capabilities, new_ssrc);
    tracks_.push_back({section.mid, std::move(consumer.parameters)});
  }

  void drop(const std::string& mid) {
    std::erase_if(tracks_, [&](const Track& track) { return track.mid == mid; });
  }

  [[nodiscard]] std::vector<SdpTrack> tracks() const {
    std::vector<SdpTrack> out;
    for (const Track& track : tracks_) out.push_back({track.mid, track.parameters, "stream"});
    return out;
  }

  void check(const std::string& text) {
    const auto read = read_description(text);
    if (!read || read->sections.size() < sections_) std::abort();
    // An offer of ours may be rolled back, and its sections with it.
    if (!session_.offering()) sections_ = read->sections.size();
  }

  RecordingTransport transport_;
  Negotiation session_{transport_, router()};
  std::vector<std::string> accepted_;
  std::deque<Track> tracks_;
  std::size_t sections_ = 0;
  std::uint32_t ssrc_ = 1000;
};

}  // namespace
}  // namespace sluice::sdp

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr int kMaxMessages = 32;
  std::string_view rest{reinterpret_cast<const char*>(data), size};
  sluice::sdp::Application application;
  for (int i = 0; i < kMaxMessages && !rest.empty(); ++i) {
    const std::string_view message = rest.substr(0, rest.find('\0'));
    rest.remove_prefix(std::min(message.size() + 1, rest.size()));
    if (message.empty()) continue;
    try {
      application.handle(message[0], message.substr(1));
    } catch (const sluice::Error& error) {
      if (error.code() == sluice::ErrorCode::internal) std::abort();
    }
  }
  return 0;
}
