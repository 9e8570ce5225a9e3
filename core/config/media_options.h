#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sluice/config.h"

/// `media:` ICE, DTLS, codecs and limits.
namespace sluice::config {

enum class IceMode : std::uint8_t { lite, full };
BOOST_DESCRIBE_ENUM(IceMode, lite, full)

/// A STUN or TURN server, in the shape that RTCPeerConnection takes.
struct IceServerOptions {
  std::vector<std::string> urls;
  std::string username;
  Secret credential;

  static Schema<IceServerOptions> schema();
};

/// One that clients are told of: with credentials that are the same for all, or with a secret of which the gateway
/// makes credentials for each of them.
struct OfferedServerOptions {
  std::vector<std::string> urls;
  std::string username;
  Secret credential;
  Secret secret;
  std::chrono::seconds ttl_s{86'400};

  static Schema<OfferedServerOptions> schema();
};

struct IceOptions {
  IceMode mode = IceMode::lite;
  std::uint16_t base_port = 40'000;
  std::vector<std::string> listen_addresses{"0.0.0.0"};
  bool tcp = true;
  std::vector<std::string> announced_addresses;
  std::vector<std::string> stun_servers;
  std::vector<IceServerOptions> turn_servers;
  std::chrono::milliseconds connect_timeout_ms{30'000};
  std::chrono::milliseconds consent_timeout_ms{30'000};  ///< RFC 7675 section 5.1

  static Schema<IceOptions> schema();
};

struct DtlsOptions {
  std::string certificate_file;  ///< empty: made at start
  std::string key_file;
  std::chrono::milliseconds handshake_timeout_ms{30'000};

  static Schema<DtlsOptions> schema();
};

struct CodecOptions {
  std::string mime_type;
  std::optional<std::uint32_t> clock_rate;  ///< Hz; none: the usual one of the codec
  std::optional<std::uint8_t> channels;
  std::optional<std::uint8_t> payload_type;  ///< none: chosen by the router
  std::map<std::string, json::value> parameters;

  static Schema<CodecOptions> schema();
};

/// Opus, VP8, VP9 profile 0, H264 constrained baseline and main, AV1.
[[nodiscard]] std::vector<CodecOptions> default_codecs();

/// What is sent to one client: congestion control (RFC 8836) shares out what its path carries.
struct BandwidthOptions {
  std::uint32_t start_kbps = 600;
  std::uint32_t min_kbps = 50;
  std::uint32_t max_kbps = 50'000;

  static Schema<BandwidthOptions> schema();
};

struct MediaOptions {
  std::uint16_t workers = 0;  ///< 0: one per core
  IceOptions ice;
  DtlsOptions dtls;
  std::uint32_t max_transports_per_worker = 10'000;
  std::vector<CodecOptions> codecs = default_codecs();
  std::chrono::milliseconds video_keyframe_min_interval_ms{500};
  BandwidthOptions bandwidth;
  std::vector<OfferedServerOptions> ice_servers;

  static Schema<MediaOptions> schema();
};

}  // namespace sluice::config
