#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sluice/json.h"
#include "sluice/media_types.h"

/// The description of media in mediasoup's vocabulary (a dialect of W3C ORTC): what `router:capabilities`,
/// `transport:create`, `transport:connect`, `produce` and `consume` carry. Field names, defaults and JSON types are
/// those that mediasoup-client reads and writes, so `to_json` of these structs can be handed to it as it is.
///
/// These are plain values. Reading one with `from_json` checks types only; ranges, counts and consistency are checked
/// where the value is used (core/media/ortc), and a wrong one is answered with INVALID_PAYLOAD and the field's path.
/// Copyable, comparable, free to pass between threads.
namespace sluice {

/// Format parameters: SDP `a=fmtp` (RFC 8866 section 6.15) as key and value. A value is an integer where it looks like
/// one (`"apt": 96`, `"packetization-mode": 1`), otherwise a string (`"profile-level-id": "42e01f"`).
using FormatParameters = std::map<std::string, json::value, std::less<>>;

/// One RTCP feedback message that a codec uses: SDP `a=rtcp-fb` (RFC 4585 section 4.2).
/// `{nack, ""}`, `{nack, pli}`, `{ccm, fir}`, `{goog-remb, ""}`, `{transport-cc, ""}`.
struct RtcpFeedback {
  std::string type{};
  std::string parameter{};  ///< empty: the plain form of `type`

  static constexpr std::array kMayBeMissing{"parameter"};
  friend bool operator==(const RtcpFeedback&, const RtcpFeedback&) = default;
};
BOOST_DESCRIBE_STRUCT(RtcpFeedback, (), (type, parameter))

/// One codec that an endpoint or the router can receive. RTX (RFC 4588) is a codec of its own, `video/rtx`, whose
/// parameter `apt` names the payload type that it repairs.
struct RtpCodecCapability {
  MediaKind kind = MediaKind::audio;
  std::string mime_type{};  ///< `audio/opus`, `video/VP8`; case does not matter, RFC 4855 section 3
  /// 0 to 127. Always present in the capabilities of a router or an endpoint; where codecs are configured it may be
  /// left out, and the router chooses.
  std::optional<PayloadType> preferred_payload_type{};
  std::uint32_t clock_rate = 0;            ///< Hz
  std::optional<std::uint8_t> channels{};  ///< audio only; missing means 1
  FormatParameters parameters{};
  std::vector<RtcpFeedback> rtcp_feedback{};

  static constexpr std::array kMayBeMissing{"parameters", "rtcp_feedback"};
  friend bool operator==(const RtpCodecCapability&, const RtpCodecCapability&) = default;
};
BOOST_DESCRIBE_STRUCT(RtpCodecCapability, (),
                      (kind, mime_type, preferred_payload_type, clock_rate, channels, parameters, rtcp_feedback))

/// What the router does with a header extension: `recvonly` is read from producers and never sent to consumers.
enum class RtpHeaderExtensionDirection : std::uint8_t { sendrecv, sendonly, recvonly, inactive };
BOOST_DESCRIBE_ENUM(RtpHeaderExtensionDirection, sendrecv, sendonly, recvonly, inactive)

/// One RTP header extension (RFC 8285) that is supported for media of `kind`.
struct RtpHeaderExtensionCapability {
  MediaKind kind = MediaKind::audio;
  std::string uri{};
  std::uint8_t preferred_id = 0;   ///< 1 to 14 in the one-byte form, to 255 in the two-byte form
  bool preferred_encrypt = false;  ///< RFC 6904; the gateway never asks for it
  RtpHeaderExtensionDirection direction = RtpHeaderExtensionDirection::sendrecv;

  static constexpr std::array kMayBeMissing{"preferred_encrypt", "direction"};
  friend bool operator==(const RtpHeaderExtensionCapability&, const RtpHeaderExtensionCapability&) = default;
};
BOOST_DESCRIBE_STRUCT(RtpHeaderExtensionCapability, (), (kind, uri, preferred_id, preferred_encrypt, direction))

/// What an endpoint or a router can receive. mediasoup: `RtpCapabilities`.
struct RtpCapabilities {
  std::vector<RtpCodecCapability> codecs{};
  std::vector<RtpHeaderExtensionCapability> header_extensions{};

  static constexpr std::array kMayBeMissing{"codecs", "header_extensions"};
  friend bool operator==(const RtpCapabilities&, const RtpCapabilities&) = default;
};
BOOST_DESCRIBE_STRUCT(RtpCapabilities, (), (codecs, header_extensions))

/// One codec in use on a stream, with the payload type that stands in its packets.
struct RtpCodecParameters {
  std::string mime_type{};
  PayloadType payload_type{};
  std::uint32_t clock_rate = 0;            ///< Hz
  std::optional<std::uint8_t> channels{};  ///< audio only; missing means 1
  FormatParameters parameters{};
  std::vector<RtcpFeedback> rtcp_feedback{};

  static constexpr std::array kMayBeMissing{"parameters", "rtcp_feedback"};
  friend bool operator==(const RtpCodecParameters&, const RtpCodecParameters&) = default;
};
BOOST_DESCRIBE_STRUCT(RtpCodecParameters, (),
                      (mime_type, payload_type, clock_rate, channels, parameters, rtcp_feedback))

/// One header extension in use, with the id that stands in the packets.
struct RtpHeaderExtensionParameters {
  std::string uri{};
  std::uint8_t id = 0;
  bool encrypt = false;
  FormatParameters parameters{};

  static constexpr std::array kMayBeMissing{"encrypt", "parameters"};
  friend bool operator==(const RtpHeaderExtensionParameters&, const RtpHeaderExtensionParameters&) = default;
};
BOOST_DESCRIBE_STRUCT(RtpHeaderExtensionParameters, (), (uri, id, encrypt, parameters))

/// The retransmission stream of an encoding, RFC 4588.
struct RtpRtxParameters {
  Ssrc ssrc{};

  friend bool operator==(const RtpRtxParameters&, const RtpRtxParameters&) = default;
};
BOOST_DESCRIBE_STRUCT(RtpRtxParameters, (), (ssrc))

/// One RTP stream of a track: the only one, or one of a simulcast (RFC 8853). It is told by its SSRC, or by its rid
/// (RFC 8852) where the SSRC is learnt from the first packets.
struct RtpEncodingParameters {
  std::optional<bool> active{};
  std::optional<Ssrc> ssrc{};
  std::optional<std::string> rid{};
  std::optional<PayloadType> codec_payload_type{};  ///< missing: the first media codec
  std::optional<RtpRtxParameters> rtx{};
  std::optional<bool> dtx{};                      ///< silence, or a still screen, may send nothing
  std::optional<std::string> scalability_mode{};  ///< W3C webrtc-svc: `L1T3`, `L3T3_KEY`, `S2T1`
  std::optional<double> scale_resolution_down_by{};
  std::optional<double> max_bitrate{};  ///< bit/s; applications compute it, and it need not be an integer
  std::optional<double> max_framerate{};
  std::optional<bool> adaptive_ptime{};
  std::optional<std::string> priority{};  ///< `very-low`, `low`, `medium`, `high`
  std::optional<std::string> network_priority{};

  friend bool operator==(const RtpEncodingParameters&, const RtpEncodingParameters&) = default;
};
BOOST_DESCRIBE_STRUCT(RtpEncodingParameters, (),
                      (active, ssrc, rid, codec_payload_type, rtx, dtx, scalability_mode, scale_resolution_down_by,
                       max_bitrate, max_framerate, adaptive_ptime, priority, network_priority))

/// How the stream's RTCP is sent.
struct RtcpParameters {
  std::optional<std::string> cname{};  ///< RFC 3550 section 6.5.1
  bool reduced_size = true;            ///< RFC 5506; the gateway always sends so
  std::optional<bool> mux{};           ///< RFC 5761; the gateway knows nothing else

  static constexpr std::array kMayBeMissing{"reduced_size"};
  friend bool operator==(const RtcpParameters&, const RtcpParameters&) = default;
};
BOOST_DESCRIBE_STRUCT(RtcpParameters, (), (cname, reduced_size, mux))

/// The streams of one track as they are sent: by a client (a producer's) or to a client (a consumer's).
/// mediasoup: `RtpParameters`.
struct RtpParameters {
  std::optional<std::string> mid{};  ///< RFC 9143; the value of the MID header extension
  std::vector<RtpCodecParameters> codecs{};
  std::vector<RtpHeaderExtensionParameters> header_extensions{};
  std::vector<RtpEncodingParameters> encodings{};
  RtcpParameters rtcp{};
  std::optional<std::string> msid{};  ///< RFC 8830: `<stream id> <track id>`

  static constexpr std::array kMayBeMissing{"header_extensions", "encodings", "rtcp"};
  friend bool operator==(const RtpParameters&, const RtpParameters&) = default;
};
BOOST_DESCRIBE_STRUCT(RtpParameters, (), (mid, codecs, header_extensions, encodings, rtcp, msid))

/// Whether a producer sends one stream, several of different quality, or one in layers.
enum class ProducerType : std::uint8_t { simple, simulcast, svc };
BOOST_DESCRIBE_ENUM(ProducerType, simple, simulcast, svc)

/// What a consumer is fed from. `pipe`: all streams of the producer as they are, towards another gateway.
enum class ConsumerType : std::uint8_t { simple, simulcast, svc, pipe };
BOOST_DESCRIBE_ENUM(ConsumerType, simple, simulcast, svc, pipe)

/// The gateway's side of ICE, RFC 8445 and RFC 8839 section 5.4.
struct IceParameters {
  std::string username_fragment{};
  std::string password{};
  bool ice_lite = false;  ///< RFC 8445 section 2.5

  static constexpr std::array kMayBeMissing{"ice_lite"};
  friend bool operator==(const IceParameters&, const IceParameters&) = default;
};
BOOST_DESCRIBE_STRUCT(IceParameters, (), (username_fragment, password, ice_lite))

enum class IceProtocol : std::uint8_t { udp, tcp };
BOOST_DESCRIBE_ENUM(IceProtocol, udp, tcp)

enum class IceCandidateType : std::uint8_t { host, srflx, prflx, relay };
BOOST_DESCRIBE_ENUM(IceCandidateType, host, srflx, prflx, relay)

/// RFC 6544 section 4.5. The gateway offers `passive` alone: it never opens a TCP connection to a client.
enum class IceTcpType : std::uint8_t { active, passive, so };
BOOST_DESCRIBE_ENUM(IceTcpType, active, passive, so)

/// RFC 8839 section 5.1.
struct IceCandidate {
  std::string foundation{};
  std::uint32_t priority = 0;
  std::string ip{};       ///< the same as `address`, for older clients
  std::string address{};  ///< IPv4, IPv6 or host name
  IceProtocol protocol = IceProtocol::udp;
  std::uint16_t port = 0;
  IceCandidateType type = IceCandidateType::host;
  std::optional<IceTcpType> tcp_type{};  ///< present where `protocol` is tcp

  static constexpr std::array kMayBeMissing{"ip"};
  friend bool operator==(const IceCandidate&, const IceCandidate&) = default;
};
BOOST_DESCRIBE_STRUCT(IceCandidate, (), (foundation, priority, ip, address, protocol, port, type, tcp_type))

/// A STUN or TURN server for the client's own gathering: W3C `RTCIceServer`.
struct IceServer {
  std::vector<std::string> urls{};  ///< `stun:host:port`, `turn:host:port?transport=udp`, RFC 7064 and RFC 7065
  std::optional<std::string> username{};
  std::optional<std::string> credential{};  ///< a secret: never logged

  friend bool operator==(const IceServer&, const IceServer&) = default;
};
BOOST_DESCRIBE_STRUCT(IceServer, (), (urls, username, credential))

/// RFC 8122 section 5.
struct DtlsFingerprint {
  std::string algorithm{};  ///< `sha-256`, `sha-384`, `sha-512`
  std::string value{};      ///< pairs of hexadecimal digits with colons between; case does not matter

  friend bool operator==(const DtlsFingerprint&, const DtlsFingerprint&) = default;
};
BOOST_DESCRIBE_STRUCT(DtlsFingerprint, (), (algorithm, value))

/// Who opens the DTLS handshake, RFC 5763 section 5: `client` is SDP's `active`, `server` is `passive`, `auto` is
/// `actpass`.
enum class DtlsRole : std::uint8_t { auto_, client, server };
BOOST_DESCRIBE_ENUM(DtlsRole, auto_, client, server)

/// One side of DTLS: its role, and what its certificate will be checked against.
struct DtlsParameters {
  DtlsRole role = DtlsRole::auto_;
  std::vector<DtlsFingerprint> fingerprints{};

  static constexpr std::array kMayBeMissing{"role"};
  friend bool operator==(const DtlsParameters&, const DtlsParameters&) = default;
};
BOOST_DESCRIBE_STRUCT(DtlsParameters, (), (role, fingerprints))

}  // namespace sluice
