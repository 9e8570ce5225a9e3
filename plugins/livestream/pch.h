#pragma once

// What nearly every file of the control part reads, and what is slow to read.
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sluice/bus.h"
#include "sluice/config.h"
#include "sluice/contracts/meetings.h"
#include "sluice/contracts/rooms.h"
#include "sluice/events.h"
#include "sluice/host.h"
#include "sluice/jobs.h"
#include "sluice/json.h"
