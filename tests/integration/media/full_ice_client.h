#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <vector>

#include "core/media/dtls/dtls_endpoint.h"
#include "core/media/ice/full/full_ice_agent.h"
#include "core/media/srtp/srtp_receiver.h"
#include "core/media/srtp/srtp_sender.h"
#include "sluice/media.h"

namespace sluice::test {

/// A WebRTC client with an ICE agent of its own: the peer of a transport of full ICE. It has one audio track.
///
/// The agent tells on the GLib thread; everything else happens in pump(), on the caller's.
class FullIceClient final : private FullIceAgent::Listener {
 public:
  /// Begins to gather.
  FullIceClient(GlibThread& thread, FullIceOptions options);

  void pump(Instant now);

  [[nodiscard]] bool gathered() const { return local_.has_value(); }
  /// What `transport:connect` tells the gateway.
  [[nodiscard]] ConnectOptions connect_options() const;
  void set_remote(const Transport& transport);

  [[nodiscard]] bool can_send() const noexcept { return sender_.has_value(); }
  [[nodiscard]] const std::vector<IceCandidateInfo>& candidates() const { return candidates_; }
  /// One packet of Opus, as audio_parameters() describes it. @return whether it left.
  bool send_audio(Ssrc ssrc);
  [[nodiscard]] std::size_t count_of(Ssrc ssrc) const;
  void close();

 private:
  struct News {
    std::optional<IceCredentials> local;
    std::vector<IceCandidateInfo> candidates;
    std::vector<std::vector<std::uint8_t>> packets;
    bool connected = false;
  };

  void on_gathered(const IceCredentials& local, const std::vector<IceCandidateInfo>& candidates) noexcept override;
  void on_packet(Bytes packet) noexcept override;
  void on_state(FullIceState state) noexcept override;

  void handle_packet(MutableBytes packet, Instant now);
  void drain_dtls();

  std::mutex mutex_;  // guards news_
  News news_;
  std::optional<IceCredentials> local_;
  std::vector<IceCandidateInfo> candidates_;
  bool connected_ = false;
  DtlsEndpoint dtls_;
  std::optional<SrtpSender> sender_;
  std::optional<SrtpReceiver> receiver_;
  std::map<Ssrc, std::size_t> received_;
  std::uint16_t sequence_ = 0;
  FullIceAgent agent_;  // last: it stops calling back before the rest is destroyed
};

}  // namespace sluice::test
