#include "options.h"

#include "sluice/sdp.h"

namespace sluice::whip {

Schema<Options> Options::schema() {
  return Schema<Options>{"WHIP (RFC 9725) and WHEP: publish into a room, and play a room, by plain HTTP."}
      .option("allow_whip", &Options::allow_whip, "Publishing at `/whip/{room}`.")
      .reloadable()
      .option("allow_whep", &Options::allow_whep, "Playing at `/whep/{room}`.")
      .reloadable()
      .option("max_sessions", &Options::max_sessions, "Most publishers and players at a time; one more gets 503.",
              range(1, 100'000))
      .reloadable()
      .option("max_sessions_per_address", &Options::max_sessions_per_address,
              "Most of them from one address; 0: no limit of its own. Behind a proxy all have the proxy's.",
              range(0, 100'000))
      .reloadable()
      .option("max_sdp_bytes", &Options::max_sdp_bytes, "Longest offer or fragment; a longer one gets 413.",
              range(1'024, SdpSession::kMaxBytes))
      .reloadable()
      .option("join_timeout_ms", &Options::join_timeout_ms,
              "How long a POST waits to be let in and answered (a waiting room), before 503.", range(100, 600'000))
      .reloadable()
      .option("connect_timeout_ms", &Options::connect_timeout_ms,
              "A session whose media path is not there by then ends.", range(1'000, 600'000))
      .reloadable()
      .option("reconnect_timeout_ms", &Options::reconnect_timeout_ms,
              "How long a session whose media path was lost waits for it, or for an ICE restart.", range(0, 600'000))
      .reloadable()
      .option("retry_after_s", &Options::retry_after_s, "What `Retry-After` of a 503 says.", range(1, 3'600))
      .reloadable();
}

}  // namespace sluice::whip
