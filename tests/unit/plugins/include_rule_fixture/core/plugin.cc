#include "core/app/gateway.h"
