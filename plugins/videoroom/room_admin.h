#pragma once

namespace sluice::videoroom {

struct Context;
class RoomTable;

/// Registers the admin routes: GET /rooms, GET /rooms/{id}, DELETE /rooms/{id}. The two latter take `?tenant=`.
void serve_admin_routes(Context& context, RoomTable& table);

}  // namespace sluice::videoroom
