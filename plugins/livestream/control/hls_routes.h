#pragma once

#include "control/context.h"
#include "control/streams.h"

namespace sluice::livestream {

/// `GET /live/{room}/{file}`: playlists and media; `GET /live/{room}`: to the page that plays them.
void serve_hls_routes(Context& context, Streams& streams);

}  // namespace sluice::livestream
