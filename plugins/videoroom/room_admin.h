#pragma once

namespace sluice::videoroom {

struct Context;
class RoomActivities;
class RoomTable;

/// Registers what an operator sees of rooms and does to them: GET /rooms, GET and DELETE /rooms/{id}, and of its
/// participants GET, DELETE (takes it out), POST mute and unmute. All but the list take `?tenant=`. What is done is
/// published as AuditEvent, in the name of who asked.
void serve_admin_routes(Context& context, RoomTable& table, const RoomActivities& activities);

}  // namespace sluice::videoroom
