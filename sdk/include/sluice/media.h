#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/function.h"
#include "sluice/layers.h"
#include "sluice/media_stats.h"
#include "sluice/ortc.h"
#include "sluice/sdp.h"
#include "sluice/speakers.h"
#include "sluice/taps.h"
#include "sluice/time.h"

/// The media core, as plugins see it. Handles live on the control thread; the packets live on the workers. A call posts
/// its work to the worker and returns at once; what comes back arrives as a callback on the control thread.
///
/// Ownership is the handle's: destroying a Transport, Producer or Consumer closes it. Handles know each other by
/// id only, so they may be destroyed in any order; one whose transport or producer is gone is closed and does nothing.
namespace sluice {

/// Media that is received from a client.
/// @note Control thread only.
class Producer {
 public:
  virtual ~Producer() = default;
  [[nodiscard]] virtual const std::string& id() const noexcept = 0;
  [[nodiscard]] virtual MediaKind kind() const noexcept = 0;
  [[nodiscard]] virtual ProducerType type() const noexcept = 0;
  [[nodiscard]] virtual const RtpParameters& rtp_parameters() const noexcept = 0;

  /// A paused producer's packets are received and dropped: no consumer gets them, whatever the client does.
  virtual void pause() = 0;
  virtual void resume() = 0;
  [[nodiscard]] virtual bool paused() const noexcept = 0;
  /// Held back, its packets reach only the consumers that insist (Consumer::set_insists); the client hears of nothing.
  /// When it is released, audio is heard at once and video is seen from the key frame on that is asked for.
  virtual void hold_back() = 0;
  virtual void release() = 0;
  [[nodiscard]] virtual bool held_back() const noexcept = 0;
  [[nodiscard]] virtual bool closed() const noexcept = 0;

  /// Called once when the producer ends by itself: its transport closed, or the client said BYE.
  virtual void on_closed(Function<void()> callback) = 0;
  /// Called when a score has changed, at most once a second: all streams (encodings) in their order.
  virtual void on_score(Function<void(const std::vector<StreamScore>&)> callback) = 0;
  /// What was told last; empty before.
  [[nodiscard]] virtual const std::vector<StreamScore>& scores() const noexcept = 0;
  /// One entry per stream (encoding). The callback is not called if the producer closes first.
  virtual void stats(Function<void(std::vector<RtpStreamStats>)> callback) = 0;
};

enum class ConsumerEnd : std::uint8_t { producer_closed, transport_closed };
BOOST_DESCRIBE_ENUM(ConsumerEnd, producer_closed, transport_closed)

/// Media that is sent to a client. Video starts on a key frame, which the consumer asks for by itself.
/// @note Control thread only.
class Consumer {
 public:
  virtual ~Consumer() = default;
  [[nodiscard]] virtual const std::string& id() const noexcept = 0;
  /// Empty: it waits for one (see set_producer).
  [[nodiscard]] virtual const std::string& producer_id() const noexcept = 0;
  [[nodiscard]] virtual MediaKind kind() const noexcept = 0;
  [[nodiscard]] virtual ConsumerType type() const noexcept = 0;
  [[nodiscard]] virtual const RtpParameters& rtp_parameters() const noexcept = 0;

  virtual void pause() = 0;
  virtual void resume() = 0;
  [[nodiscard]] virtual bool paused() const noexcept = 0;
  [[nodiscard]] virtual bool producer_paused() const noexcept = 0;
  [[nodiscard]] virtual bool closed() const noexcept = 0;

  /// 1 (least, and the default) to 255: whose video is kept, and improved first, when the path to the client does not
  /// carry everything. Of one transport's consumers only those of the same priority share evenly.
  virtual void set_priority(std::uint8_t priority) = 0;
  [[nodiscard]] virtual std::uint8_t priority() const noexcept = 0;
  /// A limit on the layers; none (the default): the best that there is. Nothing for audio.
  virtual void set_preferred_layers(std::optional<PreferredLayers> most) = 0;
  [[nodiscard]] virtual const std::optional<PreferredLayers>& preferred_layers() const noexcept = 0;
  /// What on_layers_changed() told last; nothing and `source` before, and for audio.
  [[nodiscard]] virtual const LayersChange& layers() const noexcept = 0;
  [[nodiscard]] std::optional<MediaLayer> current_layer() const noexcept { return layers().current; }
  /// It gets the packets of a producer that is held back, too. At first it does not insist.
  virtual void set_insists(bool insists) = 0;
  [[nodiscard]] virtual bool insists() const noexcept = 0;
  /// Asks the producer for a key frame: PLI, RFC 4585 section 6.3.1. Requests of all consumers are merged.
  virtual void request_key_frame() = 0;

  /// From now on the media of another producer of the same kind, or of none (empty), under the same SSRC, MID and
  /// numbering, which goes on without a gap: the client hears of nothing. Only for a consumer that was made without a
  /// producer; one whose producer closes waits for the next. Throws Error: `not_found`, `unsupported` (a codec that was
  /// not negotiated), `conflict` (made for one producer, or closed).
  virtual void set_producer(const std::string& producer_id) = 0;

  /// Called once when the consumer ends by itself.
  virtual void on_closed(Function<void(ConsumerEnd)> callback) = 0;
  /// Called when the producer was paused (true) or resumed (false).
  virtual void on_producer_paused(Function<void(bool)> callback) = 0;
  /// Called, of video, when what is sent, what is aimed for, or why it is not better has changed. Changes that follow
  /// each other within a moment are told as one.
  virtual void on_layers_changed(Function<void(const LayersChange&)> callback) = 0;
  /// Called when it has changed, at most once a second.
  virtual void on_score(Function<void(ConsumerScore)> callback) = 0;
  /// What was told last.
  [[nodiscard]] virtual ConsumerScore score() const noexcept = 0;
  virtual void stats(Function<void(RtpStreamStats)> callback) = 0;
};

struct ProduceOptions {
  MediaKind kind = MediaKind::audio;
  RtpParameters rtp_parameters;
  bool paused = false;
  bool speaks = true;  ///< audio is somebody's voice, and counts among the router's speakers; not so a screen's sound
};

struct ConsumeOptions {
  std::string producer_id;           ///< empty: a slot for producers of `kind`, filled by Consumer::set_producer
  RtpCapabilities rtp_capabilities;  ///< what the receiving client can decode
  bool paused = false;
  std::optional<MediaKind> kind{};   ///< needed where `producer_id` is empty
  std::optional<std::string> mid{};  ///< of the client's m-section; missing: one is made
};

/// The client's side of a transport.
struct ConnectOptions {
  DtlsParameters dtls_parameters;
  /// Needed where the gateway runs full ICE (`media.ice.mode: full`), ignored by ICE-lite, which learns them from the
  /// client's checks.
  std::optional<IceParameters> ice_parameters;
  std::vector<IceCandidate> ice_candidates;
};

/// One ICE, DTLS and SRTP path to a client. It may carry producers and consumers alike.
/// @note Control thread only.
class Transport {
 public:
  virtual ~Transport() = default;
  [[nodiscard]] virtual const std::string& id() const noexcept = 0;
  [[nodiscard]] virtual const IceParameters& ice_parameters() const noexcept = 0;
  [[nodiscard]] virtual const std::vector<IceCandidate>& ice_candidates() const noexcept = 0;
  [[nodiscard]] virtual const DtlsParameters& dtls_parameters() const noexcept = 0;
  [[nodiscard]] virtual TransportState state() const noexcept = 0;

  /// Tells the client's DTLS parameters, once. Throws Error: `invalid_payload` (no usable fingerprint, or our own),
  /// `conflict` (connected already).
  virtual void connect(const ConnectOptions& options) = 0;
  /// New ICE credentials for the client to use; the old path carries media until the new one stands. RFC 8445
  /// section 9.
  virtual const IceParameters& restart_ice() = 0;
  /// A candidate of the client that came after connect(): trickle ICE, RFC 8838. ICE-lite learns the client's addresses
  /// from its checks and needs none. Throws Error: `invalid_payload`, `limit_exceeded`.
  virtual void add_ice_candidate(const IceCandidate& candidate) = 0;

  /// Throws Error: `invalid_payload` with the field's path, `unsupported` (no codec in common), `conflict` (SSRC or MID
  /// in use), `limit_exceeded`.
  [[nodiscard]] virtual std::unique_ptr<Producer> produce(const ProduceOptions& options) = 0;
  /// Throws Error: `not_found` (no such producer in this router), `unsupported`, `limit_exceeded`.
  [[nodiscard]] virtual std::unique_ptr<Consumer> consume(const ConsumeOptions& options) = 0;

  /// `reason` is for people: why it failed; empty otherwise.
  virtual void on_state(Function<void(TransportState, std::string_view reason)> callback) = 0;
  virtual void stats(Function<void(TransportStats)> callback) = 0;
};

/// What can be heard and seen together: a producer's media reaches the consumers of the same router. A router spans all
/// workers.
/// @note Control thread only.
class Router {
 public:
  virtual ~Router() = default;
  [[nodiscard]] virtual const std::string& id() const noexcept = 0;
  [[nodiscard]] virtual const RtpCapabilities& rtp_capabilities() const noexcept = 0;
  /// Whether somebody with these capabilities could consume the producer.
  [[nodiscard]] virtual bool can_consume(const std::string& producer_id, const RtpCapabilities& capabilities) const = 0;
  /// `ready` gets the transport once its candidates are known: during the call with ICE-lite, later with full ICE (not
  /// at all if the router is gone by then). Throws Error{limit_exceeded} at `media.max_transports`.
  virtual void create_transport(Function<void(std::unique_ptr<Transport>)> ready) = 0;
  /// The negotiation with a client that speaks SDP, over a transport of this router. Both outlive it.
  [[nodiscard]] virtual std::unique_ptr<SdpSession> create_sdp_session(Transport& transport) = 0;

  /// The media of one producer for the plugin itself. Throws Error: `not_found` (no such producer in this router),
  /// `unsupported` (its codec cannot be told of), `limit_exceeded`.
  [[nodiscard]] virtual std::unique_ptr<Tap> tap(const TapOptions& options) = 0;
  /// The statistics of all that the router has now. What closes meanwhile is left out; the callback is not called if
  /// the router closes first, and late if a worker is stuck.
  virtual void stats(RouterStatsWanted wanted, Function<void(RouterStats)> callback) = 0;

  // Who speaks (docs/speakers.md). Each of these has one callback; an empty one ends it.

  /// Called when somebody else leads the conversation than before, and with an empty producer id when nobody does any
  /// more: its producer is closed or paused. Who leads goes on leading while everybody is silent.
  virtual void on_dominant_speaker(Function<void(const SpeakerLevel&)> callback) = 0;
  /// Called every `interval` (of 100 ms to 10 s; others are brought into these bounds) with those who are heard, the
  /// loudest since the last call of each, in no order; once with none when nobody is heard any more, and then not until
  /// somebody is again.
  virtual void on_audio_levels(Duration interval, Function<void(const std::vector<SpeakerLevel>&)> callback) = 0;
  /// Called for each producer that ceases to be, or is again, among the `count` that are the loudest, as it happens:
  /// who begins to speak takes at once the place of whoever has been silent longest. At first all count as loud, and
  /// those whose level is not known always do. `count` 0: all are.
  virtual void on_loudest(std::size_t count, Function<void(const std::string& producer_id, bool loud)> callback) = 0;
};

/// @note Control thread only.
class Media {
 public:
  virtual ~Media() = default;
  [[nodiscard]] virtual std::unique_ptr<Router> create_router() = 0;
  /// STUN and TURN servers that the operator wants clients to use (`media.ice_servers`). Where a TURN server shares a
  /// secret with the gateway, the credentials are this user's and hold for a limited time
  /// (draft-uberti-behave-turn-rest section 2.2): ask when the client needs them, and keep them nowhere.
  [[nodiscard]] virtual std::vector<IceServer> ice_servers(std::string_view user_id) const = 0;
  /// Threads that route media; 0: none can be.
  [[nodiscard]] virtual std::size_t worker_count() const noexcept = 0;
  /// What the workers have told last, in their order.
  [[nodiscard]] virtual std::vector<WorkerStats> workers() const = 0;
};

}  // namespace sluice
