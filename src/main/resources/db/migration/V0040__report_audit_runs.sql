-- The audits that tenants run over their own credentials; those not yet finished are the queue of the workers.
create table audit_runs (
    id              uuid primary key,
    tenant_id       uuid not null references tenants,
    kind            text not null check (kind in ('credentials')),
    status          text not null check (status in ('queued', 'running', 'completed', 'failed')),
    progress        int not null check (progress between 0 and 100),
    -- How often a worker took it up and was not told to stop.
    attempts        int not null default 0 check (attempts >= 0),
    -- From when on any worker may take it up: a queued one's turn, the end of a running one's lease.
    due_at          timestamptz not null default now(),
    -- Made anew for each time that a worker takes it up: whoever writes with an older one has lost the run.
    lease_owner     uuid,
    created_by      uuid not null,
    created_at      timestamptz not null,
    started_at      timestamptz,
    completed_at    timestamptz,
    findings_high   int not null default 0 check (findings_high >= 0),
    findings_medium int not null default 0 check (findings_medium >= 0),
    findings_low    int not null default 0 check (findings_low >= 0),
    findings_info   int not null default 0 check (findings_info >= 0),
    result          jsonb check (jsonb_typeof(result) = 'object'),
    -- Why it failed, in words for its tenant.
    error           text,
    check ((status = 'running') = (lease_owner is not null)),
    check (status not in ('running', 'completed') or started_at is not null),
    check ((status in ('completed', 'failed')) = (completed_at is not null)),
    check ((status = 'completed') = (result is not null)),
    check ((status = 'failed') = (error is not null))
);

create index audit_runs_tenant on audit_runs (tenant_id, id desc);
create index audit_runs_unfinished on audit_runs (id) where status in ('queued', 'running');
create index audit_runs_completed_at on audit_runs (completed_at) where completed_at is not null;
