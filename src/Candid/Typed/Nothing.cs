namespace Decent.Candid;

/// <summary>The value of types that carry none: <c>null</c> and <c>reserved</c>; <c>empty</c> has no value.</summary>
public readonly record struct Nothing;
