#pragma once

#include "context.h"

/// The REST API of the records; what is asked and answered stands in docs/rest-api.md.
/// @note Control thread only.
namespace sluice::meetings {

/// Create, list, get, occurrences, audit.
void serve_meetings(Context& context);
/// Update, delete, cancel.
void serve_changes(Context& context);
/// Who is invited, and whom one may invite.
void serve_people(Context& context);
/// The directory, below `/admin/v1/users`.
void serve_directory(Context& context);

}  // namespace sluice::meetings
