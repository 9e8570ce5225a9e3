#pragma once

#include <array>
#include <bitset>
#include <optional>
#include <string>
#include <vector>

#include "core/media/sdp/session_description.h"
#include "sluice/ortc.h"
#include "sluice/result.h"

namespace sluice::sdp {

/// The same codec, of RTX the one that repairs the same payload type.
[[nodiscard]] bool same_meaning(const RtpCodecCapability& a, const RtpCodecCapability& b);

/// What payload types and header extension ids mean in a session. All sections of a BUNDLE agree on them (RFC 9143
/// sections 9.1 and 15): the client's descriptions say so, and where it has shown nothing of a kind yet, the router's
/// numbers are taken as far as they are free. What a section that is closed has shown is remembered until the client
/// says otherwise: a browser may give its numbers away.
class Numbering {
 public:
  /// What a section of the client shows; `codecs` are those of the router among its own. A problem where a number
  /// changes its meaning.
  [[nodiscard]] Result<Ok, Problem> learn(const MediaSection& section, MediaKind kind,
                                          const std::vector<RtpCodecCapability>& codecs);

  /// Adds what was known before, as far as its numbers are free.
  void remember(const Numbering& before);

  /// What the client can receive of a kind, as far as it has shown, for a section of our own.
  [[nodiscard]] RtpCapabilities capabilities(MediaKind kind, const RtpCapabilities& router);
  /// Takes out the extensions whose id stands for another one in the other kind. A receiver that has one table for its
  /// BUNDLE, as RFC 9143 section 15 wants it, would misread them; it must not be sent any.
  void drop_ambiguous(RtpCapabilities& capabilities) const;

 private:
  struct OfKind {
    std::vector<RtpCodecCapability> codecs;
    std::vector<RtpHeaderExtensionCapability> extensions;
    bool shown = false;
  };

  [[nodiscard]] OfKind& of(MediaKind kind) noexcept { return kinds_[static_cast<std::size_t>(kind)]; }
  [[nodiscard]] Result<Ok, Problem> learn_codec(const RtpCodecCapability& codec, std::size_t line);
  [[nodiscard]] Result<Ok, Problem> learn_extension(const Extension& extension, MediaKind kind);
  [[nodiscard]] const RtpCodecCapability* find_codec(PayloadType payload_type) const noexcept;
  [[nodiscard]] std::optional<PayloadType> free_payload_type(PayloadType wanted) const noexcept;
  [[nodiscard]] std::uint8_t extension_id(const std::string& uri, std::uint8_t wanted) const noexcept;
  void remember(const Numbering& before, MediaKind kind);
  void take_routers(MediaKind kind, const RtpCapabilities& router);

  std::array<OfKind, 2> kinds_;
  // What stands for something, be it nothing that we know.
  std::bitset<128> payload_types_;
  std::bitset<256> extension_ids_;
};

}  // namespace sluice::sdp
