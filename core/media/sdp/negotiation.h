#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/media/sdp/matching.h"
#include "core/media/sdp/numbering.h"
#include "core/media/sdp/peer_transport.h"
#include "core/media/sdp/section.h"
#include "sluice/sdp.h"

namespace sluice::sdp {

/// JSEP's state machine (RFC 8829 section 3.2) for the side that always gives way: of two offers on their way the
/// client's counts.
///
///     stable --read_offer--> client offers --answer or refuse_offer--> stable
///     stable --offer--> we offer --read_answer--> stable
///                       we offer --read_offer--> client offers (ours is rolled back)
///
/// What a call refuses changes nothing.
class Negotiation final : public SdpSession {
 public:
  /// Both outlive the session.
  Negotiation(Transport& transport, const RtpCapabilities& router);

  [[nodiscard]] SdpOffer read_offer(std::string_view text) override;
  [[nodiscard]] std::string answer(std::span<const std::string> accepted, std::span<const SdpTrack> tracks) override;
  void refuse_offer() noexcept override { client_offer_.reset(); }
  [[nodiscard]] SdpReceiving next_section(MediaKind kind) override;
  [[nodiscard]] std::string offer(std::span<const std::string> accepted, std::span<const SdpTrack> tracks) override;
  [[nodiscard]] std::vector<std::string> read_answer(std::string_view text) override;
  [[nodiscard]] bool offering() const noexcept override { return our_offer_.has_value(); }
  void add_candidate(std::string_view candidate) override;
  [[nodiscard]] std::optional<std::string> read_fragment(std::string_view fragment) override;

 private:
  struct ClientOffer {
    std::vector<Section> sections;
    Numbering numbering;
  };
  /// A section that next_section has promised, and that no offer has yet.
  struct Promise {
    std::string mid;
    MediaKind kind;
  };
  struct OfferedSection {
    Section section;
    Direction direction = Direction::inactive;  ///< ours
  };
  struct Parts {
    std::span<const std::string> accepted;
    std::span<const SdpTrack> tracks;
  };

  [[nodiscard]] OurPart part_in(const Section& section, const Parts& parts) const;
  [[nodiscard]] std::string write(const std::vector<Section>& sections, const std::vector<OurPart>& parts,
                                  const TransportAttributes& transport);
  [[nodiscard]] std::string next_mid();
  [[nodiscard]] std::vector<Section> sections_to_offer(std::span<const SdpTrack> tracks);
  [[nodiscard]] const std::vector<Section>& latest() const noexcept {
    return client_offer_ ? client_offer_->sections : sections_;
  }
  void demand_known_mids(const SessionDescription& fragment) const;

  PeerTransport transport_;
  const RtpCapabilities& router_;
  std::uint64_t session_id_;
  std::uint64_t version_ = 0;
  std::vector<Section> sections_;  ///< as both sides agreed last
  std::optional<ClientOffer> client_offer_;
  std::optional<std::vector<OfferedSection>> our_offer_;
  std::vector<Promise> promises_;
  Numbering numbering_;             ///< as both sides agreed last
  std::optional<Numbering> draft_;  ///< with what our own offer tells the client, until it agrees
  Mids mids_;                       ///< all that there ever were
  std::uint32_t last_mid_ = 0;
};

}  // namespace sluice::sdp
