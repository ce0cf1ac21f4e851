using System.Diagnostics.CodeAnalysis;

namespace Decent.Candid;

/// <summary>
/// An option whose value may itself be an option or carry nothing, where a nullable type could not tell
/// "absent" from "present and empty": <c>opt opt T</c>, <c>opt null</c>.
/// </summary>
/// <typeparam name="T">The type of the value when there is one.</typeparam>
[SuppressMessage("Naming", "CA1716:Identifiers should not match keywords", Justification = "No keyword of C#.")]
public readonly struct Opt<T> : IEquatable<Opt<T>>
{
    private readonly T _value;

    private Opt(T value)
    {
        _value = value;
        HasValue = true;
    }

    /// <summary>The absent option; also the default.</summary>
    public static Opt<T> None => default;

    /// <summary>True when there is a value.</summary>
    public bool HasValue { get; }

    /// <summary>The value.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public T Value => HasValue ? _value : throw new InvalidOperationException("the option is absent");

    /// <summary>Equal presence and value.</summary>
    public static bool operator ==(Opt<T> left, Opt<T> right) => left.Equals(right);

    /// <summary>Different presence or value.</summary>
    public static bool operator !=(Opt<T> left, Opt<T> right) => !left.Equals(right);

    /// <summary>A present option, whatever the value is.</summary>
    public static Opt<T> Some(T value) => new(value);

    /// <summary>The value, if there is one.</summary>
    public bool TryGet([MaybeNullWhen(false)] out T value)
    {
        value = _value;
        return HasValue;
    }

    /// <inheritdoc />
    public bool Equals(Opt<T> other) =>
        HasValue == other.HasValue && (!HasValue || EqualityComparer<T>.Default.Equals(_value, other._value));

    /// <inheritdoc />
    public override bool Equals(object? obj) => obj is Opt<T> other && Equals(other);

    /// <inheritdoc />
    public override int GetHashCode() => HasValue ? HashCode.Combine(true, _value) : 0;

    /// <inheritdoc />
    public override string ToString() => HasValue ? $"opt {_value}" : "null";
}
