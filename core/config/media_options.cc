#include "core/config/media_options.h"

#include <algorithm>
#include <boost/asio/ip/address.hpp>

namespace sluice::config {
namespace {

auto ip_addresses() {
  return check("each an IP address", [](const std::vector<std::string>& addresses) -> std::optional<std::string> {
    for (const auto& text : addresses) {
      boost::system::error_code error;
      boost::asio::ip::make_address(text, error);
      if (error) return "must hold IP addresses, such as 192.0.2.1 or 2001:db8::1";
    }
    return std::nullopt;
  });
}

/// URLs of RFC 7064 and RFC 7065.
auto ice_urls() {
  return check("each 'stun:', 'turn:' or 'turns:'",
               [](const std::vector<std::string>& urls) -> std::optional<std::string> {
                 for (const auto& url : urls) {
                   const std::string scheme = url.substr(0, url.find(':'));
                   const bool known = scheme == "stun" || scheme == "stuns" || scheme == "turn" || scheme == "turns";
                   if (!known || url.size() <= scheme.size() + 1) {
                     return "must hold URLs such as stun:stun.example.org:3478 or turn:turn.example.org?transport=udp";
                   }
                 }
                 return std::nullopt;
               });
}

auto media_type() {
  return check("audio/... or video/...", [](const std::string& text) -> std::optional<std::string> {
    const bool media = text.starts_with("audio/") || text.starts_with("video/");
    if (media && text.size() > 6 && text.find('/', 6) == std::string::npos) return std::nullopt;
    return "must be a media type such as audio/opus or video/VP8";
  });
}

std::optional<std::string> has_one_kind_of_credential(const OfferedServerOptions& server) {
  if (server.secret.empty()) return std::nullopt;
  if (!server.username.empty() || !server.credential.empty()) return "stands instead of username and credential";
  const auto is_turn = [](const std::string& url) { return url.starts_with("turn:") || url.starts_with("turns:"); };
  if (std::ranges::none_of(server.urls, is_turn)) return "needs a TURN server: STUN asks for no credentials";
  return std::nullopt;
}

std::optional<std::string> has_both_files(const DtlsOptions& dtls) {
  if (dtls.certificate_file.empty() == dtls.key_file.empty()) return std::nullopt;
  return "needs key_file, and key_file needs it";
}

CodecOptions codec(std::string mime_type, std::map<std::string, json::value> parameters = {}) {
  CodecOptions out;
  out.mime_type = std::move(mime_type);
  out.parameters = std::move(parameters);
  return out;
}

/// RFC 6184 section 8.1: 42e01f is constrained baseline, 4d001f main, both level 3.1.
CodecOptions h264(std::string_view profile_level_id) {
  return codec("video/H264", {{"level-asymmetry-allowed", json::value(1)},
                              {"packetization-mode", json::value(1)},
                              {"profile-level-id", json::value(profile_level_id)}});
}

}  // namespace

std::vector<CodecOptions> default_codecs() {
  return {codec("audio/opus", {{"useinbandfec", json::value(1)}}),
          codec("video/VP8"),
          codec("video/VP9", {{"profile-id", json::value(0)}}),
          h264("42e01f"),
          h264("4d001f"),
          codec("video/AV1")};
}

Schema<IceServerOptions> IceServerOptions::schema() {
  using Options = IceServerOptions;
  return Schema<Options>{"A STUN or TURN server."}
      .option("urls", &Options::urls, "Its URLs, such as turn:turn.example.org:3478?transport=udp.", not_empty(),
              max_items(16), ice_urls())
      .required()
      .option("username", &Options::username, "TURN user name.")
      .option("credential", &Options::credential, "TURN password.");
}

Schema<OfferedServerOptions> OfferedServerOptions::schema() {
  using Options = OfferedServerOptions;
  return Schema<Options>{"A STUN or TURN server for clients."}
      .option("urls", &Options::urls, "Its URLs, such as turn:turn.example.org:3478?transport=udp.", not_empty(),
              max_items(16), ice_urls())
      .required()
      .option("username", &Options::username, "TURN user name, the same for every client.")
      .option("credential", &Options::credential, "TURN password, which every client learns.")
      .option("secret", &Options::secret,
              "Secret that the TURN server shares with the gateway (coturn: static-auth-secret). Each client gets "
              "credentials of its own, for ttl_s; instead of username and credential.")
      .option("ttl_s", &Options::ttl_s, "How long credentials made of the secret hold, in seconds.", range(60, 604'800))
      .check("secret", has_one_kind_of_credential);
}

Schema<IceOptions> IceOptions::schema() {
  using Options = IceOptions;
  return Schema<Options>{"How media finds its way."}
      .option("mode", &Options::mode,
              "lite: one open port per worker. full: for a gateway that is itself behind a NAT; gathers candidates "
              "with the STUN and TURN servers below.")
      .option("base_port", &Options::base_port,
              "Worker n takes port base_port + n, by UDP and TCP; 0 takes any free ones.", range(0, 65'535))
      .option("listen_addresses", &Options::listen_addresses, "Addresses to bind; '::' adds IPv6.", not_empty(),
              max_items(16), ip_addresses())
      .option("tcp", &Options::tcp,
              "Takes media by TCP, too, for clients whose network lets no UDP through. Lite mode only.")
      .option("announced_addresses", &Options::announced_addresses,
              "Addresses that clients are told instead of the bound ones: the public side of a 1:1 NAT.", max_items(16),
              ip_addresses())
      .option("stun_servers", &Options::stun_servers, "STUN servers of full mode, such as stun:stun.example.org:3478.",
              max_items(16), ice_urls())
      .option("turn_servers", &Options::turn_servers, "TURN servers that full mode relays through.", max_items(16))
      .option("connect_timeout_ms", &Options::connect_timeout_ms,
              "A client that has not connected for so long has failed, in milliseconds.", range(1'000, 600'000))
      .option("consent_timeout_ms", &Options::consent_timeout_ms,
              "A client unheard for so long is disconnected, in milliseconds; a check brings it back.",
              range(5'000, 600'000));
}

Schema<DtlsOptions> DtlsOptions::schema() {
  using Options = DtlsOptions;
  return Schema<Options>{"How media keys are agreed."}
      .option("certificate_file", &Options::certificate_file, "PEM certificate (ECDSA P-256); empty: made at start.")
      .option("key_file", &Options::key_file, "PEM private key of that certificate.")
      .option("handshake_timeout_ms", &Options::handshake_timeout_ms,
              "A handshake that takes longer fails the transport, in milliseconds.", range(1'000, 600'000))
      .check("certificate_file", has_both_files);
}

Schema<CodecOptions> CodecOptions::schema() {
  using Options = CodecOptions;
  return Schema<Options>{"A codec that routers accept."}
      .option("mime_type", &Options::mime_type,
              "Such as audio/opus or video/VP8; audio/red, redundant Opus, behind audio/opus.", media_type())
      .required()
      .option("clock_rate", &Options::clock_rate, "RTP clock rate in Hz; without it the usual one of the codec.",
              range(1'000, 192'000))
      .option("channels", &Options::channels, "Audio channels; without it the usual number of the codec.", range(1, 8))
      .option("payload_type", &Options::payload_type, "RTP payload type; without it the router chooses.",
              range(96, 127))
      .option(
          "parameters", &Options::parameters,
          "Format parameters (SDP a=fmtp). Quote what is text but looks like a number: profile-level-id: \"640032\".",
          max_items(32));
}

Schema<BandwidthOptions> BandwidthOptions::schema() {
  using Options = BandwidthOptions;
  return Schema<Options>{"What is sent to one client."}
      .option("start_kbps", &Options::start_kbps,
              "What a path is taken to carry before anything is known of it, in kbit/s.", range(50, 1'000'000))
      .option("min_kbps", &Options::min_kbps, "The estimate never falls below, in kbit/s.", range(10, 1'000'000))
      .option("max_kbps", &Options::max_kbps, "Nor does it rise above, in kbit/s.", range(100, 10'000'000))
      .check("start_kbps", [](const Options& options) -> std::optional<std::string> {
        if (options.min_kbps <= options.start_kbps && options.start_kbps <= options.max_kbps) return std::nullopt;
        return "must lie between min_kbps and max_kbps";
      });
}

Schema<MediaOptions> MediaOptions::schema() {
  using Options = MediaOptions;
  return Schema<Options>{"ICE, DTLS, codecs and limits."}
      .option("workers", &Options::workers, "Media worker threads; 0 is one per core.", range(0, 256))
      .option("ice", &Options::ice, "How media finds its way.")
      .option("dtls", &Options::dtls, "How media keys are agreed.")
      .option("max_transports_per_worker", &Options::max_transports_per_worker,
              "Transports that one worker holds at once; a client has two.", range(1, 1'000'000))
      .option("codecs", &Options::codecs, "Codecs that routers accept, best first; RTX is added for each video codec.",
              not_empty(), max_items(32))
      .option("video_keyframe_min_interval_ms", &Options::video_keyframe_min_interval_ms,
              "Key frames are asked of one producer at most this often, in milliseconds.", range(0, 60'000))
      .option("bandwidth", &Options::bandwidth, "What is sent to one client.")
      .option("ice_servers", &Options::ice_servers, "STUN and TURN servers that clients are told to use.",
              max_items(16));
}

}  // namespace sluice::config
