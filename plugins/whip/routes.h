#pragma once

#include "context.h"
#include "session_table.h"

namespace sluice::whip {

/// The endpoints and sessions of one door: `/whip/{room}`, `/whip/{room}/{session}`. The methods that stand in no route
/// are answered 405 with `Allow`, as RFC 9725 section 4.2 wants it, and CORS preflights by the listener.
void serve_door(Context& context, SessionTable& table, Door door);

/// `GET /admin/v1/whip/sessions`.
void serve_admin(Context& context, SessionTable& table);

}  // namespace sluice::whip
