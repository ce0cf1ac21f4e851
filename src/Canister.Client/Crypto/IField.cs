namespace Decent.Canister.Client.Crypto;

/// <summary>What curve arithmetic needs of the field its coordinates are in.</summary>
internal interface IField<T>
    where T : struct, IField<T>
{
    static abstract T Zero { get; }

    static abstract T One { get; }

    bool IsZero { get; }

    static abstract T operator +(in T a, in T b);

    static abstract T operator -(in T a, in T b);

    static abstract T operator -(in T a);

    static abstract T operator *(in T a, in T b);

    T Square();

    T Double();

    T Inverse();

    bool Same(in T other);
}
