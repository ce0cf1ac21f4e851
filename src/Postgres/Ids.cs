namespace Decent.Postgres;

/// <summary>The one source of ids: UUIDv7 stamped with the injected clock.</summary>
public sealed class Ids(TimeProvider time)
{
    /// <summary>A new id.</summary>
#pragma warning disable RS0030 // This is the seam the ban points to.
    public Guid Next() => Guid.CreateVersion7(time.GetUtcNow());
#pragma warning restore RS0030
}
