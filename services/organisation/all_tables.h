// How every sort of thing is kept: Kept<Thing> and ToProto of each. A new sort is a line here.
#pragma once

#include "services/organisation/body_tables.h"
#include "services/organisation/client/convert.h"
#include "services/organisation/code_tables.h"
#include "services/organisation/competence_tables.h"
#include "services/organisation/hierarchy_tables.h"
#include "services/organisation/organisation_tables.h"
#include "services/organisation/partner_tables.h"
#include "services/organisation/responsibility_tables.h"
#include "services/organisation/succession_tables.h"
