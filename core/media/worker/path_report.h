#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/media/dtls/dtls_endpoint.h"
#include "core/media/ice/ice_counters.h"
#include "core/media/ice/ice_lite.h"
#include "core/media/transport/media_transport.h"
#include "sluice/time.h"

namespace sluice {

/// How a transport's ICE and DTLS stand: what somebody asks who wants to know why it does not connect.
struct PathReport {
  struct Ice {
    IceState state = IceState::fresh;
    std::optional<IceTuple> selected;
    Duration since_check{};  ///< since the last one of the selected tuple; its consent counts from there
    std::size_t valid_tuples = 0;
    IceCounters counters;
  };
  struct Dtls {
    DtlsState state = DtlsState::created;
    std::optional<DtlsFailure> failure;
    std::string_view cipher;  ///< static; empty but while connected
    DtlsCounters counters;
  };

  std::optional<Ice> ice;  ///< missing with full ICE, whose agent lives elsewhere
  Dtls dtls;
  TransportCounters packets;
};

}  // namespace sluice
