namespace Decent.Candid;

/// <summary>A reference to a type that is bound later: what names and recursion are made of.</summary>
public sealed class CandidKnotType(string? name) : CandidType
{
    private CandidType? _target;
    private CandidType? _head;

    /// <summary>The name, if the type has one.</summary>
    public string? Name { get; } = name;

    /// <summary>What the reference stands for.</summary>
    /// <exception cref="InvalidOperationException">Not bound yet.</exception>
    public CandidType Target => _target
        ?? throw new InvalidOperationException($"type {Name ?? "(recursive)"} is not bound");

    /// <inheritdoc />
    public override CandidKind Kind => Head.Kind;

    /// <inheritdoc />
    public override CandidType Head => _head ??= FindHead();

    /// <summary>Binds the reference, once.</summary>
    /// <exception cref="InvalidOperationException">Bound before.</exception>
    public void Tie(CandidType target) => _target = _target is null
        ? target
        : throw new InvalidOperationException($"type {Name ?? "(recursive)"} is bound already");

    private CandidType FindHead()
    {
        var seen = new HashSet<CandidType>();
        CandidType at = this;
        while (at is CandidKnotType knot)
        {
            if (!seen.Add(knot))
            {
                throw new InvalidOperationException($"type {Name ?? "(recursive)"} never reaches a constructor");
            }

            at = knot.Target;
        }

        return at;
    }
}
