#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/ortc.h"

namespace sluice {

/// An m-section in which the client sends: what Transport::produce wants to know.
struct SdpSending {
  std::string mid;
  MediaKind kind = MediaKind::audio;
  RtpParameters rtp_parameters;  ///< in the client's numbering; encodings by rid or by SSRC
  std::string stream_id;         ///< `a=msid`, RFC 8830; empty where the client names no stream
  std::string track_id;
};

/// An m-section in which the client is willing to receive: what Transport::consume wants to know.
struct SdpReceiving {
  std::string mid;
  MediaKind kind = MediaKind::audio;
  RtpCapabilities rtp_capabilities;  ///< what it can decode, in its numbering
};

/// Everything that a client's description asks for. It is the whole state, not a change: who answers compares it, by
/// MID, with what there is. A MID is never used again for another track of the same session.
struct SdpOffer {
  std::vector<SdpSending> sending;
  std::vector<SdpReceiving> receiving;
  bool rolled_back = false;  ///< an offer of ours was on its way: it is void, make another one after the answer
};

/// A track that we send in an m-section: a consumer's description.
struct SdpTrack {
  std::string mid;
  const RtpParameters& rtp_parameters;
  std::string stream_id;  ///< what `a=msid` tells the client; empty: `-`
};

/// The negotiation with one client that speaks SDP instead of mediasoup's vocabulary (JSEP, RFC 8829): one transport,
/// one BUNDLE group, the client's own numbering of payload types and header extensions.
///
/// It translates and remembers m-sections; it makes no producers and no consumers. An offer of the client:
/// `read_offer` -> produce and consume on the transport -> `answer`. Our own, only after the client's first one:
/// `next_section` for each new track -> consume -> `offer` -> the client's answer to `read_answer`.
/// The transport is connected, and its ICE restarted, by the session, as the client's descriptions say.
///
/// What the client sends is checked; Error: `invalid_payload` with `{line, reason}` where the text is no SDP (`line`
/// counts from 1), `unsupported` with `{line, reason}` where it asks for what we have not (no BUNDLE, no rtcp-mux, no
/// DTLS), `conflict` where it comes out of turn.
/// @note Control thread only. The transport and the router outlive the session.
class SdpSession {
 public:
  /// Longest text that is read, in bytes.
  static constexpr std::size_t kMaxBytes = 256 * 1024;
  static constexpr std::size_t kMaxSections = 256;

  virtual ~SdpSession() = default;

  [[nodiscard]] virtual SdpOffer read_offer(std::string_view sdp) = 0;
  /// The answer to the offer read last. `accepted`: the MIDs in which we receive; `tracks`: those in which we send. A
  /// section of neither is answered `inactive`; one of which no codec is known is refused (port 0).
  [[nodiscard]] virtual std::string answer(std::span<const std::string> accepted, std::span<const SdpTrack> tracks) = 0;

  /// The offer read last is refused instead of answered: the sections stay as they were before it.
  virtual void refuse_offer() noexcept = 0;

  /// A section for one more track to the client: one that has become free, else a new one. Throws
  /// Error{limit_exceeded}.
  [[nodiscard]] virtual SdpReceiving next_section(MediaKind kind) = 0;
  /// An offer of all that there is; sections that lost their track become free. Waits for read_answer.
  [[nodiscard]] virtual std::string offer(std::span<const std::string> accepted, std::span<const SdpTrack> tracks) = 0;
  /// @return the MIDs whose tracks the client does not take.
  [[nodiscard]] virtual std::vector<std::string> read_answer(std::string_view sdp) = 0;
  /// An offer of ours waits for its answer.
  [[nodiscard]] virtual bool offering() const noexcept = 0;

  /// One candidate of the client, as a browser's `icecandidate` event shows it: `candidate:...`; empty: no more.
  virtual void add_candidate(std::string_view candidate) = 0;
  /// An SDP fragment, RFC 8840 section 4 as RFC 9725 section 4.3.2 uses it: candidates, or new credentials of the
  /// client, which restart ICE.
  /// @return where ICE was restarted: our new credentials and candidates, as a fragment.
  [[nodiscard]] virtual std::optional<std::string> read_fragment(std::string_view fragment) = 0;
};

}  // namespace sluice
